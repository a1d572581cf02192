"""The catalogue: sectors, services and their versions with stages and papers."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

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

    code = models.SlugField(_("code"), unique=True)
    name_km = models.CharField(_("name in Khmer"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["sort_order", "code"]
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")

    def __str__(self) -> str:
        return self.code


class LegalInstrument(models.Model):
    """A legal text, or an honest statement that none is known."""

    code = models.SlugField(_("code"), unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=InstrumentKind)
    number = models.CharField(_("number"), max_length=60, blank=True)
    title_km = models.CharField(_("title in Khmer"), max_length=300)
    title_en = models.CharField(_("title in English"), max_length=300)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("legal instrument")
        verbose_name_plural = _("legal instruments")

    def __str__(self) -> str:
        return self.code


class Service(models.Model):
    """What an office offers citizens; its fees and limits are in its versions."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    sector = models.ForeignKey(
        Sector, on_delete=models.PROTECT, related_name="services", verbose_name=_("sector")
    )
    name_km = models.CharField(_("name in Khmer"), max_length=300)
    name_en = models.CharField(_("name in English"), max_length=300)
    name_standing = models.CharField(_("standing of the name"), max_length=12, choices=Standing)
    is_open = models.BooleanField(_("open for new requests"), default=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["sort_order", "code"]
        verbose_name = _("service")
        verbose_name_plural = _("services")

    def __str__(self) -> str:
        return self.code


class ServiceVersion(models.Model):
    """The terms of a service for a period; limits are working days, dates are inclusive."""

    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="versions", verbose_name=_("service")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(
        _("state"), max_length=10, choices=VersionState, default=VersionState.DRAFT
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    limit_days = models.PositiveSmallIntegerField(_("limit in working days"))
    limit_days_min = models.PositiveSmallIntegerField(
        _("lower bound of the limit"), null=True, blank=True
    )
    limit_standing = models.CharField(_("standing of the limit"), max_length=12, choices=Standing)
    validity_km = models.CharField(_("validity in Khmer"), max_length=100, blank=True)
    validity_en = models.CharField(_("validity in English"), max_length=100, blank=True)
    validity_standing = models.CharField(
        _("standing of the validity"), max_length=12, choices=Standing
    )
    fee_standing = models.CharField(_("standing of the fee"), max_length=12, choices=Standing)
    refund_rule = models.CharField(
        _("fee on refusal"), max_length=4, choices=RefundRule, default=RefundRule.KEEP
    )
    instrument = models.ForeignKey(
        LegalInstrument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="versions",
        verbose_name=_("legal basis"),
    )
    source = models.CharField(_("source"), max_length=500, blank=True)
    note = models.TextField(_("note"), blank=True)
    content_hash = models.CharField(_("hash of the content"), max_length=64, blank=True)

    class Meta:
        ordering = ["service", "number"]
        verbose_name = _("service version")
        verbose_name_plural = _("service versions")
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

    version = models.ForeignKey(
        ServiceVersion, on_delete=models.CASCADE, related_name="stages", verbose_name=_("version")
    )
    sort_order = models.PositiveSmallIntegerField(_("order"))
    code = models.SlugField(_("code"))
    actor_role = models.CharField(_("who acts"), max_length=30, choices=Role)
    limit_minutes = models.PositiveIntegerField(_("limit in working minutes"))
    name_km = models.CharField(_("name in Khmer"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    citizen_km = models.CharField(_("what the citizen reads, in Khmer"), max_length=400)
    citizen_en = models.CharField(_("what the citizen reads, in English"), max_length=400)

    class Meta:
        ordering = ["version", "sort_order"]
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
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
        verbose_name=_("version"),
    )
    sort_order = models.PositiveSmallIntegerField(_("order"))
    name_km = models.CharField(_("name in Khmer"), max_length=300)
    name_en = models.CharField(_("name in English"), max_length=300)
    is_mandatory = models.BooleanField(_("required"), default=True)

    class Meta:
        ordering = ["version", "sort_order"]
        verbose_name = _("required document")
        verbose_name_plural = _("required documents")
        constraints = [
            models.UniqueConstraint(fields=["version", "sort_order"], name="document_order_unique"),
        ]
        triggers = [part_is_fixed("part.version_id")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.name_en}"
