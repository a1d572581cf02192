"""KHQR codes that were shown to citizens, and what the bank said about them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.offices.models import Office


class KhqrState(models.TextChoices):
    """What is known of a payment by phone; money may come late, so no state but one is final."""

    WAITING = "waiting", _("Waits for the bank")
    EXPIRED = "expired", _("The code is no longer valid")
    FAILED = "failed", _("The bank refused it")
    CONFIRMED = "confirmed", _("Confirmed by the bank")


class KhqrOrder(models.Model):
    """One KHQR shown for one charge; the bank knows it by `md5` of the payload.

    Confirmed without a payment: the fee had been paid otherwise meanwhile, and the money must
    go back to the citizen through the bank.
    """

    charge = models.ForeignKey("cashier.Charge", models.PROTECT, related_name="khqr_orders")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    shown_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    amount_riel = models.BigIntegerField()
    bill_number = models.CharField(max_length=25, unique=True)
    payload = models.CharField(max_length=512)
    md5 = models.CharField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=KhqrState.choices, default=KhqrState.WAITING)
    bank_reference = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    payment = models.OneToOneField(
        "cashier.Payment", models.PROTECT, null=True, related_name="khqr_order"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["charge"],
                condition=Q(state="waiting"),
                name="khqr_waits_once_a_charge",
            ),
            models.CheckConstraint(condition=Q(amount_riel__gt=0), name="khqr_amount_is_positive"),
            models.CheckConstraint(
                condition=Q(state="confirmed", confirmed_at__isnull=False) & ~Q(bank_reference="")
                | ~Q(state="confirmed") & Q(payment__isnull=True),
                name="khqr_is_paid_once_confirmed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=~Q(state="confirmed"), name="khqr_to_ask_for"
            ),
        ]

    def __str__(self) -> str:
        return f"khqr {self.bill_number}: {self.state}"
