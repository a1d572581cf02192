"""The fee tables of service versions; amounts are whole riel."""

from django.db import models
from django.db.models import Q

from services.catalogue.kinds import Ceiling, FeeKind, Standing
from services.catalogue.protection import part_is_fixed

VERSION_OF_RULE = "SELECT version_id FROM catalogue_feerule WHERE id = part.rule_id"
VERSION_OF_DIMENSION = (
    "SELECT r.version_id FROM catalogue_feedimension d"
    " JOIN catalogue_feerule r ON r.id = d.rule_id WHERE d.id = part.dimension_id"
)


class FeeRule(models.Model):
    """How the fee of a version is worked out, and the legal text that sets it."""

    version = models.OneToOneField(
        "catalogue.ServiceVersion",
        on_delete=models.CASCADE,
        related_name="fee_rule",
    )
    kind = models.CharField(max_length=12, choices=FeeKind)
    unit_km = models.CharField(max_length=100)
    unit_en = models.CharField(max_length=100)
    quantity_max = models.PositiveIntegerField(default=1)
    instrument = models.ForeignKey(
        "catalogue.LegalInstrument",
        on_delete=models.PROTECT,
        related_name="fee_rules",
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity_max__gte=1), name="fee_quantity_at_least_one"
            ),
            models.UniqueConstraint(fields=["id", "version"], name="fee_rule_with_version"),
        ]
        triggers = [part_is_fixed("part.version_id")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.kind}"


class FeeDimension(models.Model):
    """A question the fee depends on, such as the area."""

    rule = models.ForeignKey(FeeRule, on_delete=models.CASCADE, related_name="dimensions")
    code = models.SlugField()
    name_km = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rule", "sort_order"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "code"], name="fee_dimension_unique"),
        ]
        triggers = [part_is_fixed(VERSION_OF_RULE)]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.code}"


class FeeDimensionValue(models.Model):
    """A possible answer to the question of a dimension."""

    dimension = models.ForeignKey(FeeDimension, on_delete=models.CASCADE, related_name="values")
    code = models.SlugField()
    label_km = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200)
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["dimension", "sort_order"]
        constraints = [
            models.UniqueConstraint(fields=["dimension", "code"], name="fee_value_unique"),
        ]
        triggers = [part_is_fixed(VERSION_OF_DIMENSION)]

    def __str__(self) -> str:
        return f"{self.dimension_id} {self.code}"


class FeeTier(models.Model):
    """One amount of the fee table, in whole riel for one unit under its conditions.

    A charge refers to (id, version, amount, ceiling) together, so that no other amount can be
    charged in its name.
    """

    rule = models.ForeignKey(FeeRule, on_delete=models.CASCADE, related_name="tiers")
    version = models.ForeignKey(
        "catalogue.ServiceVersion",
        on_delete=models.CASCADE,
        related_name="fee_tiers",
    )
    code = models.SlugField(max_length=80)
    label_km = models.CharField(max_length=300, blank=True)
    label_en = models.CharField(max_length=300, blank=True)
    conditions = models.JSONField(default=dict, blank=True)
    ceiling = models.CharField(max_length=7, choices=Ceiling)
    amount_riel = models.BigIntegerField()
    standing = models.CharField(max_length=12, choices=Standing)
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rule", "sort_order"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "code"], name="fee_tier_code_unique"),
            models.UniqueConstraint(fields=["rule", "conditions"], name="fee_tier_case_unique"),
            models.CheckConstraint(condition=Q(amount_riel__gte=0), name="fee_amount_not_negative"),
            models.UniqueConstraint(
                fields=["id", "version", "amount_riel", "ceiling"], name="fee_tier_as_charged"
            ),
        ]
        triggers = [part_is_fixed("part.version_id")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.code} {self.amount_riel}"
