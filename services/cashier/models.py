"""Fees, payments, receipts and reversals; money is whole riel."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from services.cashier.khqr_models import BankNotice, ItemKind, KhqrOrder, KhqrState, OpenItem
from services.cashier.money import Currency, Method
from services.cashier.till_models import (
    IN_HAND,
    Deposit,
    DepositState,
    OfficeMoney,
    TillCount,
    TillSession,
    TillState,
)
from services.catalogue.kinds import Ceiling
from services.offices.models import Office
from services.offices.series import YearSeries
from services.requests.models import ServiceRequest

__all__ = [
    "IN_HAND",
    "BankNotice",
    "Charge",
    "Currency",
    "Deposit",
    "DepositState",
    "ExchangeRate",
    "ItemKind",
    "KhqrOrder",
    "KhqrState",
    "Method",
    "OfficeMoney",
    "OpenItem",
    "Payment",
    "Receipt",
    "ReceiptSeries",
    "Reversal",
    "ReversalReason",
    "ReversalRequest",
    "TillCount",
    "TillSession",
    "TillState",
]

RIEL_PER_DOLLAR_MIN, RIEL_PER_DOLLAR_MAX = 1_000, 20_000


class ExchangeRate(models.Model):
    """The rate posted at the offices of the province from a day on; history stays."""

    posted_on = models.DateField(unique=True)
    riel_per_dollar = models.PositiveIntegerField()
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    riel_per_dollar__gte=RIEL_PER_DOLLAR_MIN,
                    riel_per_dollar__lte=RIEL_PER_DOLLAR_MAX,
                ),
                name="exchange_rate_is_plausible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.posted_on}: {self.riel_per_dollar}"


class Charge(models.Model):
    """The fee of one request; append-only, and only what the catalogue holds can be charged.

    Two composite foreign keys (see the migration) tie the tier, its version, amount and
    ceiling to the catalogue, and the version to the one the request was registered under.
    """

    request = models.OneToOneField(
        ServiceRequest, models.PROTECT, related_name="charge", db_constraint=False
    )
    service_version = models.ForeignKey(
        "catalogue.ServiceVersion",
        models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    fee_tier = models.ForeignKey(
        "catalogue.FeeTier",
        models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    unit_riel = models.BigIntegerField()
    ceiling = models.CharField(max_length=10, choices=Ceiling.choices)
    quantity = models.PositiveIntegerField()
    amount_riel = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ceiling=Ceiling.EXACT, amount_riel=F("unit_riel") * F("quantity"))
                | Q(
                    ceiling=Ceiling.MAXIMUM,
                    amount_riel__gte=0,
                    amount_riel__lte=F("unit_riel") * F("quantity"),
                ),
                name="charge_is_what_the_fee_allows",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="charge_quantity_is_positive"),
        ]

    def __str__(self) -> str:
        return f"charge of {self.request_id}: {self.amount_riel}"


class Payment(models.Model):
    """Money taken for a charge; append-only.

    `amount_riel` is what was credited. For dollars `tendered_cents` and the posted rate say
    how it came in; they are never recomputed. `riel_beside` were laid down together with
    dollars, `change_riel` and `change_cents` were given back.
    Triggers put the payment into the open till of its cashier, whatever is written here, and a
    payment by KHQR to the code the bank confirmed for it: without one it is refused.
    """

    charge = models.ForeignKey(Charge, models.PROTECT, related_name="payments")
    request = models.ForeignKey(
        ServiceRequest, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    cashier = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    method = models.CharField(max_length=8, choices=Method.choices)
    amount_riel = models.BigIntegerField()
    currency = models.CharField(max_length=3, choices=Currency.choices)
    tendered_cents = models.BigIntegerField(null=True)
    rate = models.ForeignKey(
        ExchangeRate, models.PROTECT, null=True, related_name="+", db_index=False
    )
    idempotency_key = models.UUIDField(unique=True)
    paid_at = models.DateTimeField()
    change_riel = models.BigIntegerField(db_default=0)
    change_cents = models.BigIntegerField(db_default=0)
    riel_beside = models.BigIntegerField(db_default=0)
    till_session = models.ForeignKey(
        TillSession,
        models.PROTECT,
        null=True,
        related_name="payments",
        db_index=False,
        db_constraint=False,
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["till_session"],
                condition=Q(till_session__isnull=False),
                name="payment_of_till",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_riel__gt=0), name="payment_is_positive"),
            models.CheckConstraint(
                condition=Q(change_riel=0, change_cents=0)
                | Q(method=Method.CASH, change_riel__gte=0, change_cents__gte=0)
                & (Q(change_cents=0) | Q(change_cents__lt=F("tendered_cents"))),
                name="payment_gives_change_of_cash",
            ),
            models.CheckConstraint(
                condition=Q(currency=Currency.KHR, tendered_cents__isnull=True, rate__isnull=True)
                | Q(currency=Currency.USD, tendered_cents__gt=0, rate__isnull=False),
                name="payment_in_dollars_has_a_rate",
            ),
            models.CheckConstraint(
                condition=Q(riel_beside=0)
                | Q(riel_beside__gt=0, currency=Currency.USD, method=Method.CASH),
                name="payment_has_riel_beside_dollars_only",
            ),
        ]

    def __str__(self) -> str:
        return f"payment {self.pk}: {self.amount_riel}"


class ReceiptSeries(YearSeries):
    """The last receipt number of an office in a year."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "year"], name="receipt_series_is_one_an_office_and_year"
            ),
        ]


class Receipt(models.Model):
    """The numbered proof of one payment; append-only."""

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="receipt")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "year", "number"], name="receipt_number_is_given_once"
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="receipt_numbers_start_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.office_id}/{self.year}/{self.number}"


class ReversalReason(models.TextChoices):
    """Why a payment is taken back."""

    REJECTED = "rejected", _("The request was rejected")
    WRONG_AMOUNT = "wrong_amount", _("The wrong amount was taken")
    WRONG_REQUEST = "wrong_request", _("It was taken for the wrong request")
    DUPLICATE = "duplicate", _("It was taken twice")
    OTHER = "other", _("Another reason")


class ReversalRequest(models.Model):
    """A reversal somebody asked for and a second person has yet to approve; note is personal."""

    class Decision(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("Waits for approval")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="reversal_requests")
    amount_riel = models.BigIntegerField()
    reason = models.CharField(max_length=16, choices=ReversalReason.choices)
    note = models.CharField(max_length=2000, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    requested_at = models.DateTimeField()
    decision = models.CharField(
        max_length=8, choices=Decision.choices, default=Decision.OPEN, db_index=True
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(decision="open"),
                name="reversal_is_asked_for_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"reversal of {self.payment_id}: {self.decision}"


class Reversal(models.Model):
    """A payment taken back in whole or in part, approved by a second person; append-only.

    A trigger refuses an approver who took the money. Cash comes out of the open till
    `till_session`, always in riel.
    """

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="reversal")
    amount_riel = models.BigIntegerField()
    reason = models.CharField(max_length=16, choices=ReversalReason.choices)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    approved_at = models.DateTimeField(db_default=Now())
    till_session = models.ForeignKey(
        TillSession, models.PROTECT, null=True, related_name="reversals", db_index=False
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["till_session"],
                condition=Q(till_session__isnull=False),
                name="reversal_of_till",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_riel__gt=0), name="reversal_is_positive"),
            models.CheckConstraint(
                condition=Q(requested_by__isnull=True) | ~Q(requested_by=F("approved_by")),
                name="reversal_is_approved_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"reversal of {self.payment_id}: {self.amount_riel}"
