"""The catalogue: sectors, services and their versions with stages and papers."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from owso.accounts.permissions import Role
from services.catalogue.fee_models import FeeDimension, FeeDimensionValue, FeeRule, FeeTier
from services.catalogue.kinds import (
    InstrumentKind,
    Level,
    RefundRule,
    Standing,
    VersionState,
)
from services.catalogue.protection import part_is_fixed, published_version_is_fixed

__all__ = [
    "FeeDimension",
    "FeeDimensionValue",
    "FeeRule",
    "FeeTier",
    "LegalInstrument",
    "RequiredDocument",
    "Sector",
    "Service",
    "ServiceVersion",
    "StageTemplate",
]


class Sector(models.Model):
    """A field of administration, such as land or transport, with the name of its desk."""

    code = models.SlugField(unique=True)
    name_km = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["sort_order", "code"]

    def __str__(self) -> str:
        return self.code


class LegalInstrument(models.Model):
    """A legal text, or an honest statement that none is known."""

    code = models.SlugField(unique=True)
    kind = models.CharField(max_length=20, choices=InstrumentKind)
    number = models.CharField(max_length=60, blank=True)
    title_km = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    issued_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Service(models.Model):
    """What an office offers citizens; its fees and limits are in its versions."""

    code = models.CharField(max_length=20, unique=True)
    level = models.CharField(max_length=10, choices=Level)
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="services")
    name_km = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    name_standing = models.CharField(max_length=12, choices=Standing)
    is_open = models.BooleanField(default=True)
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["sort_order", "code"]

    def __str__(self) -> str:
        return self.code


class ServiceVersion(models.Model):
    """The terms of a service for a period; limits are working days, dates are inclusive."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.DRAFT)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    limit_days = models.PositiveSmallIntegerField()
    limit_days_min = models.PositiveSmallIntegerField(null=True, blank=True)
    limit_standing = models.CharField(max_length=12, choices=Standing)
    validity_km = models.CharField(max_length=100, blank=True)
    validity_en = models.CharField(max_length=100, blank=True)
    validity_standing = models.CharField(max_length=12, choices=Standing)
    fee_standing = models.CharField(max_length=12, choices=Standing)
    refund_rule = models.CharField(max_length=4, choices=RefundRule, default=RefundRule.KEEP)
    instrument = models.ForeignKey(
        LegalInstrument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="versions",
    )
    source = models.CharField(max_length=500, blank=True)
    note = models.TextField(blank=True)
    content_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["service", "number"]
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="version_number_unique"),
            models.CheckConstraint(
                condition=Q(limit_days__gte=1), name="version_limit_at_least_one_day"
            ),
            models.CheckConstraint(
                condition=Q(limit_days_min__isnull=True) | Q(limit_days_min__lte=F("limit_days")),
                name="version_limit_range_in_order",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="version_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="published_versions_do_not_overlap",
                expressions=[
                    (
                        Func(
                            "valid_from",
                            "valid_until",
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    ("service", RangeOperators.EQUAL),
                ],
                condition=Q(state="published"),
            ),
        ]
        triggers = [published_version_is_fixed()]

    def __str__(self) -> str:
        return f"{self.service_id} v{self.number}"


class StageTemplate(models.Model):
    """One processing stage of a version; limits are working minutes."""

    version = models.ForeignKey(ServiceVersion, on_delete=models.CASCADE, related_name="stages")
    sort_order = models.PositiveSmallIntegerField()
    code = models.SlugField()
    actor_role = models.CharField(max_length=30, choices=Role)
    limit_minutes = models.PositiveIntegerField()
    name_km = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    citizen_km = models.CharField(max_length=400)
    citizen_en = models.CharField(max_length=400)

    class Meta:
        ordering = ["version", "sort_order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "sort_order"], name="stage_order_unique"),
            models.UniqueConstraint(fields=["version", "code"], name="stage_code_unique"),
            models.CheckConstraint(
                condition=Q(limit_minutes__gte=1), name="stage_limit_at_least_one_minute"
            ),
        ]
        triggers = [part_is_fixed("part.version_id")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.code}"


class RequiredDocument(models.Model):
    """A paper the applicant brings."""

    version = models.ForeignKey(
        ServiceVersion,
        on_delete=models.CASCADE,
        related_name="documents",
    )
    sort_order = models.PositiveSmallIntegerField()
    name_km = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    is_mandatory = models.BooleanField(default=True)

    class Meta:
        ordering = ["version", "sort_order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "sort_order"], name="document_order_unique"),
        ]
        triggers = [part_is_fixed("part.version_id")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.name_en}"
