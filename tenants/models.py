"""Provinces, their host names and districts, and what an installation has been given."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin


class Province(TenantMixin):  # type: ignore[misc]  # untyped base
    """A capital or province: a tenant with a schema and a database role of its own."""

    class Kind(models.TextChoices):
        """What the gazetteer calls it."""

        CAPITAL = "capital", _("Capital")
        PROVINCE = "province", _("Province")

    code = models.CharField(max_length=2, unique=True)
    iso_3166_2 = models.CharField(max_length=6, blank=True)
    slug = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    prefix_km = models.CharField(max_length=30)
    name_km = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    sort_order = models.PositiveSmallIntegerField(help_text="Khmer alphabetical order.")
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    cell = models.CharField(max_length=20, default="main", help_text="Group of servers.")
    is_practice = models.BooleanField(default=False)

    # Schemas are made by tenants.provisioning, in one verified transaction each.
    auto_create_schema = False

    class Meta:
        ordering = ("sort_order",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^\d\d$"), name="province_code_is_two_digits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_en}"

    @property
    def db_role(self) -> str:
        """The PostgreSQL role with rights on this province's schema alone."""
        return f"owso_{self.schema_name}"


class Domain(DomainMixin):  # type: ignore[misc]  # untyped base
    """A host name under which a province's offices work."""


class District(models.Model):
    """A khan, krong or srok of the gazetteer."""

    class Kind(models.TextChoices):
        """The three kinds of district."""

        KHAN = "khan", _("Khan")
        KRONG = "krong", _("Krong")
        SROK = "srok", _("Srok")

    code = models.CharField(max_length=4, unique=True)
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="districts")
    name_km = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} {self.name_en}"


class InstallationStamp(models.Model):
    """What has been loaded into this installation, so that a second start skips it."""

    name = models.CharField(max_length=60, unique=True)
    value = models.CharField(max_length=128)
    stamped_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name
