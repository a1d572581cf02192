"""KHQR codes that were shown to citizens, and what the bank said about them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.cashier.money import Currency
from services.offices.models import Office


class KhqrState(models.TextChoices):
    """What is known of a payment by phone; money may come late, so no state but one is final."""

    WAITING = "waiting", _("Waits for the bank")
    EXPIRED = "expired", _("The code is no longer valid")
    FAILED = "failed", _("The bank refused it")
    OTHER_SUM = "other_sum", _("Another amount was paid")
    CONFIRMED = "confirmed", _("Confirmed by the bank")


class KhqrOrder(models.Model):
    """One KHQR shown for one charge; the bank knows it by `md5` of the payload.

    `amount_riel` is what is due of the fee; of a code in dollars `amount_cents` at `rate` cover
    it, rounded up to the cent. Confirmed without a payment: the fee had been paid otherwise
    meanwhile, and an `OpenItem` says that the money must go back through the bank. A trigger
    puts the payment in when it is written, and only a confirmed code gets one.
    """

    charge = models.ForeignKey("cashier.Charge", models.PROTECT, related_name="khqr_orders")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    shown_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    amount_riel = models.BigIntegerField()
    currency = models.CharField(max_length=3, choices=Currency.choices, db_default=Currency.KHR)
    amount_cents = models.BigIntegerField(null=True)
    rate = models.ForeignKey(
        "cashier.ExchangeRate", models.PROTECT, null=True, related_name="+", db_index=False
    )
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
            models.CheckConstraint(
                condition=Q(currency=Currency.KHR, amount_cents__isnull=True, rate__isnull=True)
                | Q(currency=Currency.USD, amount_cents__gt=0, rate__isnull=False),
                name="khqr_in_dollars_has_a_rate",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=~Q(state="confirmed"), name="khqr_to_ask_for"
            ),
        ]

    def __str__(self) -> str:
        return f"khqr {self.bill_number}: {self.state}"


class BankNotice(models.Model):
    """One signed notice of the bank, kept as it came; append-only.

    `notice_id` is the bank's own number of the notice: sent again, it changes nothing.
    """

    notice_id = models.CharField(max_length=64, unique=True)
    order = models.ForeignKey(KhqrOrder, models.PROTECT, related_name="notices")
    reference = models.CharField(max_length=64, blank=True)
    amount = models.CharField(max_length=20, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"notice {self.notice_id} of khqr {self.order_id}"


class ItemKind(models.TextChoices):
    """Why money that the bank booked still asks for somebody's hand."""

    SURPLUS = "surplus", _("Not needed for the fee: give it back through the bank")
    OTHER_SUM = "other_sum", _("Another amount than the fee: give it back through the bank")
    NO_TILL = "no_till", _("Confirmed while the till was closed: in no Z-report")


class OpenItem(models.Model):
    """Money by phone that the office must still settle; nothing that the bank booked is lost.

    `amount` and `currency` are as the bank booked them. `note` says what was done about it.
    """

    order = models.ForeignKey(KhqrOrder, models.PROTECT, related_name="items")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=ItemKind.choices)
    reference = models.CharField(max_length=64)
    amount = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    noted_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    note = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind", "reference"], name="open_item_is_noted_once"
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, note="")
                | Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(note=""),
                name="open_item_is_settled_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["office"], condition=Q(settled_at__isnull=True), name="open_item_of_office"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of khqr {self.order_id}"
