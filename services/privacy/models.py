"""Holds, runs of the disposal and what they took, copies of data, corrections, objections."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from owso.database.fields import CurrentTransaction, TransactionIdField
from services.requests.models import Applicant, IdKind, ServiceRequest

LONGEST_TEXT = 2000


class LegalHold(models.Model):
    """Keeps the data of one request or one person from the disposal; never deleted.

    `until` is the last day it holds; None holds until it is lifted. The reason is personal.
    """

    request = models.ForeignKey(ServiceRequest, models.PROTECT, null=True, related_name="holds")
    applicant = models.ForeignKey(Applicant, models.PROTECT, null=True, related_name="holds")
    reason = models.CharField(max_length=LONGEST_TEXT)
    until = models.DateField(null=True)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(request__isnull=True) ^ Q(applicant__isnull=True),
                name="hold_is_on_a_request_or_a_person",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="hold_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"

    def is_in_force(self, today: date) -> bool:
        """Say whether it still keeps the data."""
        return self.lifted_at is None and (self.until is None or self.until >= today)


class DisposalRun(models.Model):
    """One run of the disposal and its report.

    `place` and `behind` are the kind it is at and the last row it looked at: a run that was
    killed goes on there. `report` holds for each kind how many were due, taken and held.
    """

    is_dry_run = models.BooleanField()
    place = models.CharField(max_length=20, blank=True)
    behind = models.BigIntegerField(default=0)
    report = models.JSONField(default=dict)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_dry_run"],
                condition=Q(finished_at__isnull=True, is_dry_run=False),
                name="disposal_runs_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"disposal of {self.started_at}"


class Disposal(models.Model):
    """That one kind of data of one request (or one applicant) is gone; append-only.

    Only the database's own function `privacy_dispose` writes here; its rows are also what lets
    a guarded row be made blank, in the same transaction and never again.
    """

    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    run = models.ForeignKey(DisposalRun, models.PROTECT, related_name="disposals")
    xact_id = TransactionIdField(db_default=CurrentTransaction())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id"], name="data_is_disposed_of_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class Proof(models.TextChoices):
    """How the officer made sure that it was the person."""

    MATCHED = "matched", _("The number of the paper is the one on file")
    SEEN = "seen", _("A paper with the name was seen; no number is on file")


class DataCopy(models.Model):
    """A copy of all data about a person, made because that person asked for it.

    The file is sealed with the one-time code itself, of which only a hash is kept: afterwards
    nobody but the person can open it. It can be fetched once, within `expires_at`.
    """

    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="data_copies")
    proof = models.CharField(max_length=10, choices=Proof.choices)
    id_kind = models.CharField(max_length=16, choices=IdKind.choices)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    code_hash = models.BinaryField(null=True, unique=True)
    file_name = models.CharField(max_length=100, blank=True)
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("made_at")),
                name="copy_expires_after_it_is_made",
            ),
        ]

    def __str__(self) -> str:
        return f"copy {self.pk} of {self.request_id}"


class Corrected(models.TextChoices):
    """What of an applicant can be corrected at the counter."""

    FULL_NAME = "full_name", _("Name")
    PHONE = "phone", _("Phone")


class Correction(models.Model):
    """One correction of an applicant's data, with both values sealed; append-only."""

    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="corrections")
    field = models.CharField(max_length=12, choices=Corrected.choices)
    before_sealed = models.BinaryField()
    after_sealed = models.BinaryField()
    reason = models.CharField(max_length=LONGEST_TEXT)
    evidence = models.CharField(max_length=LONGEST_TEXT)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    corrected_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(evidence=""),
                name="correction_has_a_reason_and_evidence",
            ),
        ]

    def __str__(self) -> str:
        return f"correction of {self.request_id}"


class Objection(models.Model):
    """What a person objects to in the use of the data, and what was decided; decided once."""

    class Against(models.TextChoices):
        """What the person does not want."""

        MESSAGES = "messages", _("Messages about the request")
        REUSE = "reuse", _("Finding the data again at the next visit")

    class Decision(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("Waits for a decision")
        UPHELD = "upheld", _("Upheld: it stops")
        REFUSED = "refused", _("Refused")

    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="objections")
    against = models.CharField(max_length=10, choices=Against.choices)
    grounds = models.CharField(max_length=LONGEST_TEXT)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision.choices, default=Decision.OPEN)
    decision_reason = models.CharField(max_length=LONGEST_TEXT, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "against"],
                condition=Q(decided_at__isnull=True),
                name="objection_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(decision="open", decided_at__isnull=True, decision_reason="")
                | (~Q(decision="open") & Q(decided_at__isnull=False) & ~Q(decision_reason="")),
                name="objection_decided_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"objection on {self.request_id}"
