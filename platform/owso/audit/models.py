"""The ledgers of what was done and what was read, and the seals over them; all append-only."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from owso.database.fields import CurrentTransaction, TransactionIdField


class AuditEntry(models.Model):
    """One action: who, what, when, from where, before and after; never personal data.

    `xact_id` gives the order in which entries become final, by which they are sealed.
    """

    at = models.DateTimeField(db_default=Now())
    xact_id = TransactionIdField(db_default=CurrentTransaction())
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120)
    verb = models.CharField(max_length=40)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    address = models.CharField(max_length=45, blank=True)
    changes = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="audit_object"),
            models.Index(fields=["xact_id", "id"], name="audit_seal_order"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_id}"


class Reading(models.TextChoices):
    """How personal data came before somebody's eyes."""

    FILE = "file", _("Opened the file")
    FOUND = "found", _("Opened the file from a search")
    SLIP = "slip", _("Printed the slip")
    DOCUMENT = "document", _("Looked at a document")
    API = "api", _("Read by a program")


class AccessEntry(models.Model):
    """One reading of a request's personal data: who, what, when, from where, in which office.

    `role` is the role that gave the right; `detail` names a part, such as a document's number.
    """

    at = models.DateTimeField(db_default=Now())
    xact_id = TransactionIdField(db_default=CurrentTransaction())
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120)
    role = models.CharField(max_length=24, blank=True)
    office_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=10, choices=Reading.choices)
    request_id = models.BigIntegerField()
    detail = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=45, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["request_id", "id"], name="access_request"),
            models.Index(fields=["xact_id", "id"], name="access_seal_order"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=Reading.values), name="access_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.request_id}"


class AuditSeal(models.Model):
    """A seal over the entries of a ledger that became final since the seal before it.

    It ends with the entry at (`last_xact`, `last_id`). `leaves` holds for each entry its id
    (8 bytes, big-endian) and the first 16 bytes of its keyed hash. `drawn_id` and `next_xact`
    are how far ids and transactions had come when it was made.
    """

    class LedgerName(models.TextChoices):
        """The two ledgers; each has a chain of its own."""

        AUDIT = "audit", _("actions")
        ACCESS = "access", _("readings")

    ledger = models.CharField(max_length=10, choices=LedgerName.choices)
    sequence = models.PositiveBigIntegerField()
    entries = models.PositiveIntegerField()
    last_xact = TransactionIdField()
    last_id = models.BigIntegerField()
    drawn_id = models.BigIntegerField()
    next_xact = TransactionIdField()
    leaves = models.BinaryField()
    previous = models.BinaryField()
    digest = models.BinaryField()
    key_version = models.PositiveSmallIntegerField()
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ledger", "sequence"], name="seal_has_one_place"),
            models.CheckConstraint(condition=Q(entries__gt=0), name="seal_covers_something"),
        ]

    def __str__(self) -> str:
        return f"{self.ledger} {self.sequence}"
