"""Offices, their counters, days and services, and the roles of the people who work in them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Role
from services.bilingual import in_readers_language


class OfficeKind(models.TextChoices):
    """The three levels of the administration that run one window."""

    UNIT = "unit", _("One Window Service Unit")
    DISTRICT = "district", _("One Window Service Office")
    COMMUNE = "commune", _("Commune one window")


class Office(models.Model):
    """One place with a counter; its code is the gazetteer's ("0100" for the unit of 01)."""

    code = models.CharField(max_length=8, unique=True)
    kind = models.CharField(max_length=10, choices=OfficeKind.choices)
    district_code = models.CharField(max_length=4, blank=True)
    name_km = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    address_km = models.CharField(max_length=300, blank=True)
    address_en = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    office_hours = models.ForeignKey("calendars.OfficeHours", models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    sort_order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["sort_order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OfficeKind.values), name="office_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_en}"


class Counter(models.Model):
    """A numbered desk of an office where citizens are received."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="counters")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["office", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "number"], name="counter_number_is_unique_in_its_office"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id}/{self.number}"


class StaffRole(models.Model):
    """One role of one person at one office; an agent's role is limited to one sector."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff_roles")
    role = models.CharField(max_length=24, choices=Role.choices)
    office = models.ForeignKey(Office, models.CASCADE, related_name="staff_roles")
    sector = models.ForeignKey(
        "catalogue.Sector", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["user", "office", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "office", "sector"],
                nulls_distinct=False,
                name="staff_role_is_given_once",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.AGENT) | Q(sector__isnull=False),
                name="staff_role_agent_has_a_sector",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.office_id}"


class OwnPeriod(models.Model):
    """One opening period of an office with hours of its own (Monday is 0), in local time.

    An office with any such row keeps these and no others of the hours it chose.
    """

    office = models.ForeignKey(Office, models.CASCADE, related_name="own_periods")
    weekday = models.PositiveSmallIntegerField()
    opens_at = models.TimeField()
    closes_at = models.TimeField()

    class Meta:
        ordering = ["office", "weekday", "opens_at"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="own_weekday_exists"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="own_period_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.weekday} {self.opens_at}-{self.closes_at}"


class Closure(models.Model):
    """A day on which one office stays closed though its hours say otherwise, and why.

    Citizens read the reason: nothing personal is written there.
    """

    office = models.ForeignKey(Office, models.CASCADE, related_name="closures")
    day = models.DateField()
    reason_km = models.CharField(max_length=200)
    reason_en = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["office", "day"], name="office_closes_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} closed on {self.day}"

    @property
    def reason(self) -> str:
        """Give the reason in the reader's language."""
        return in_readers_language(self.reason_km, self.reason_en or self.reason_km)


class CalendarMark(models.Model):
    """The working calendar the open deadlines of an office were last reckoned with.

    `before` lists the calendars replaced since other processes were sure to know of it: they
    remember a calendar for half a minute. `changed_at` is when the last one was replaced.
    """

    office = models.OneToOneField(Office, models.CASCADE, primary_key=True, related_name="+")
    content = models.JSONField()
    before = models.JSONField(default=list)
    changed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"calendar of {self.office_id}"


class WithheldService(models.Model):
    """A service of its level that an office does not offer for now."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="withheld_services")
    service = models.ForeignKey("catalogue.Service", models.PROTECT, related_name="+")
    withheld_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    withheld_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "service"], name="service_is_withheld_once_an_office"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} without {self.service_id}"
