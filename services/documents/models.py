"""A document of a request, and a file on its way here."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from services.documents.kinds import DocumentLimits, Kind, WithdrawalReason
from services.requests.models import ServiceRequest

__all__ = ["Document", "DocumentLimits", "Kind", "Thumbnail", "Upload", "WithdrawalReason"]


class Document(models.Model):
    """One scan or photo; its content lies encrypted under a random name.

    Rows stay: a withdrawn document keeps its row and its sealed content, and is shown no
    more. `key_sealed` is the file's own key under the province's; `size_bytes` and `digest`
    (SHA-256) are of the encrypted file.
    """

    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="documents")
    paper = models.ForeignKey(
        "catalogue.RequiredDocument", models.PROTECT, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    size_bytes = models.PositiveIntegerField()
    file_name = models.CharField(max_length=100, unique=True)
    key_sealed = models.BinaryField()
    digest = models.BinaryField()
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    attached_at = models.DateTimeField(db_default=Now())
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(
        max_length=20, choices=WithdrawalReason.choices, blank=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values), name="document_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawal_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
                name="document_withdrawn_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"document {self.pk} of {self.request_id}"

    @property
    def is_withdrawn(self) -> bool:
        """Whether it no longer counts and is no longer shown."""
        return self.withdrawn_at is not None

    @property
    def small(self) -> "Thumbnail | None":
        """Its small picture as far as a worker has come to it; select `thumbnail` along."""
        return getattr(self, "thumbnail", None)


class Thumbnail(models.Model):
    """The small picture of a document, sealed with a key of its own.

    `file_name` is empty for a document that cannot be drawn.
    """

    document = models.OneToOneField(
        Document, models.PROTECT, related_name="thumbnail", primary_key=True
    )
    file_name = models.CharField(max_length=100, blank=True)
    key_sealed = models.BinaryField()
    drawn_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"thumbnail of {self.document_id}"

    @property
    def is_drawn(self) -> bool:
        """Whether there is a picture."""
        return bool(self.file_name)


class Upload(models.Model):
    """A file that arrives in parts, each sealed on the disk; `parts` are [file name, bytes].

    It ends as a document, or is cleaned up. `received_bytes` is where the next part begins.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="+", db_index=False)
    paper = models.ForeignKey(
        "catalogue.RequiredDocument", models.PROTECT, null=True, related_name="+", db_index=False
    )
    name_sealed = models.BinaryField()
    total_bytes = models.PositiveIntegerField()
    received_bytes = models.PositiveIntegerField(default=0)
    parts = models.JSONField(default=list)
    key_sealed = models.BinaryField()
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    touched_at = models.DateTimeField(db_index=True)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(received_bytes__lte=F("total_bytes"), total_bytes__gt=0),
                name="upload_is_within_its_size",
            ),
        ]

    def __str__(self) -> str:
        return f"upload {self.pk}"

    @property
    def is_complete(self) -> bool:
        """Whether every byte has arrived."""
        return self.received_bytes == self.total_bytes
