"""Shared computers and PINs; neither the cookie's key nor a PIN is kept in clear."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

WRONG_TRIES = 5
"""After so many wrong PINs the person signs in fully again."""
LABEL_LENGTH = 60


class Device(models.Model):
    """A computer of an office that several people share, known by a cookie."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="devices")
    label = models.CharField(max_length=LABEL_LENGTH)
    key_hash = models.BinaryField(max_length=32)
    enrolled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    enrolled_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["office", "label", "id"]

    def __str__(self) -> str:
        return f"{self.office_id} {self.label}"


class DevicePin(models.Model):
    """The PIN of one person for one computer; it opens nothing anywhere else."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="pins")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="device_pins")
    pin_hash = models.CharField(max_length=128)
    account_mark = models.CharField(
        max_length=128, help_text="Changes with the password, which ends the PIN."
    )
    full_sign_in_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["device", "user"]
        constraints = [
            models.UniqueConstraint(fields=["device", "user"], name="one_pin_a_person_and_device"),
            models.CheckConstraint(
                condition=Q(wrong_tries__lte=WRONG_TRIES), name="pin_tries_are_limited"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.user_id}"
