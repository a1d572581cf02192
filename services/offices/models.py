"""Offices, their counters and the roles of the people who work in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Role


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
