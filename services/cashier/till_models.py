"""Tills: who held which drawer when, what was counted in it, and what went to the treasury."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from services.offices.models import Counter, Office


class OfficeMoney(models.Model):
    """How an office handles money; its row lock keeps the numbers of its reports gapless.

    `tills_since`: from this moment on cash is taken at an open till only; it is the moment the
    office opened its first till and never goes back. An empty `khqr_account` means that the
    office cannot show a KHQR of its own.
    """

    office = models.OneToOneField(
        Office, models.PROTECT, primary_key=True, related_name="+", db_index=False
    )
    tills_since = models.DateTimeField(null=True)
    last_z_number = models.PositiveIntegerField(default=0)
    last_deposit_number = models.PositiveIntegerField(default=0)
    khqr_account = models.CharField(max_length=32, blank=True)
    khqr_merchant_id = models.CharField(max_length=32, blank=True)
    khqr_bank = models.CharField(max_length=32, blank=True)
    khqr_name = models.CharField(max_length=25, blank=True)

    def __str__(self) -> str:
        return f"money of office {self.office_id}"


class DepositState(models.TextChoices):
    """Where a deposit stands."""

    MADE = "made", _("Waits for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    WITHDRAWN = "withdrawn", pgettext_lazy("deposit", "Withdrawn")


class Deposit(models.Model):
    """Takings of closed tills on their way to the treasury, confirmed by a second person.

    The amounts are what the tills were counted to hold beyond their floats, by currency.
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    amount_riel = models.BigIntegerField()
    amount_cents = models.BigIntegerField()
    bank = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=DepositState.choices, default=DepositState.MADE)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    reference = models.CharField(max_length=60, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "number"], name="deposit_number_is_given_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_riel__gte=0, amount_cents__gte=0)
                & ~Q(amount_riel=0, amount_cents=0),
                name="deposit_is_positive",
            ),
            models.CheckConstraint(
                condition=~Q(state=DepositState.CONFIRMED)
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("made_by")) & ~Q(reference=""),
                name="deposit_is_confirmed_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"deposit {self.office_id}/{self.number}: {self.state}"


class TillState(models.TextChoices):
    """Where a till stands between the opening float and the Z-report."""

    OPEN = "open", pgettext_lazy("till", "Open")
    COUNTED = "counted", _("Counted, with a difference")
    WAITING = "waiting", _("Waits for the chief")
    RECOUNT = "recount", _("To be counted again")
    CLOSED = "closed", pgettext_lazy("till", "Closed")


IN_HAND = (TillState.OPEN, TillState.RECOUNT, TillState.COUNTED)
"""States in which a cashier has the drawer and cannot open another one."""


class TillSession(models.Model):
    """One cashier at one counter from the opening float to the Z-report.

    Payments and reversals join it by triggers only while it is open, and only on the day it
    was opened; once closed it never changes, but for the deposit its money goes with.
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    counter = models.ForeignKey(Counter, models.PROTECT, related_name="+", db_index=False)
    cashier = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    float_riel = models.BigIntegerField()
    float_cents = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=TillState.choices, default=TillState.OPEN)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    counted_riel = models.BigIntegerField(null=True)
    counted_cents = models.BigIntegerField(null=True)
    expected_riel = models.BigIntegerField(null=True)
    expected_cents = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=2000, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    z_number = models.PositiveIntegerField(null=True)
    deposit = models.ForeignKey(Deposit, models.PROTECT, null=True, related_name="tills")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cashier"],
                condition=Q(state__in=IN_HAND),
                name="till_is_one_a_cashier",
            ),
            models.UniqueConstraint(
                fields=["counter"],
                condition=Q(state__in=IN_HAND),
                name="till_is_one_a_counter",
            ),
            models.UniqueConstraint(
                fields=["office", "z_number"], name="till_z_number_is_given_once"
            ),
            models.CheckConstraint(
                condition=Q(float_riel__gte=0, float_cents__gte=0), name="till_float_is_not_less"
            ),
            models.CheckConstraint(
                condition=Q(state=TillState.CLOSED, z_number__gt=0, closed_at__isnull=False)
                | ~Q(state=TillState.CLOSED) & Q(z_number__isnull=True, closed_at__isnull=True),
                name="till_has_a_z_number_once_closed",
            ),
            models.CheckConstraint(
                condition=Q(state=TillState.OPEN)
                | Q(
                    counted_by__isnull=False,
                    counted_riel__isnull=False,
                    counted_cents__isnull=False,
                    expected_riel__isnull=False,
                    expected_cents__isnull=False,
                ),
                name="till_is_counted_before_it_closes",
            ),
            models.CheckConstraint(
                condition=~Q(state=TillState.CLOSED)
                | Q(counted_riel=F("expected_riel"), counted_cents=F("expected_cents"))
                | Q(approved_by__isnull=False)
                & ~Q(approved_by=F("cashier"))
                & ~Q(approved_by=F("counted_by"))
                & ~Q(reason=""),
                name="till_difference_is_approved_by_a_second_person",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "-opened_at"], name="till_of_office"),
        ]

    def __str__(self) -> str:
        return f"till {self.pk} of {self.cashier_id}: {self.state}"

    @property
    def is_exact(self) -> bool:
        """Say whether the count met what was expected, in both currencies."""
        return self.difference == (0, 0)

    @property
    def difference(self) -> tuple[int, int]:
        """Riel and cents counted beyond what was expected; negative when some are missing."""
        return (
            (self.counted_riel or 0) - (self.expected_riel or 0),
            (self.counted_cents or 0) - (self.expected_cents or 0),
        )

    @property
    def takings(self) -> tuple[int, int]:
        """Riel and cents that were counted beyond the float: what goes to the treasury."""
        return (
            (self.counted_riel or 0) - self.float_riel,
            (self.counted_cents or 0) - self.float_cents,
        )


class TillCount(models.Model):
    """One blind count of a drawer, piece by piece; append-only.

    `riel` and `cents` map a denomination (riel, US cents) to the number of pieces.
    """

    session = models.ForeignKey(TillSession, models.PROTECT, related_name="counts")
    counted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    counted_at = models.DateTimeField()
    riel = models.JSONField()
    cents = models.JSONField()
    counted_riel = models.BigIntegerField()
    counted_cents = models.BigIntegerField()
    expected_riel = models.BigIntegerField()
    expected_cents = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(counted_riel__gte=0, counted_cents__gte=0),
                name="till_count_is_not_less_than_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"count of till {self.session_id}"
