"""Public holidays and office hours, kept once for the whole country."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from services.bilingual import in_readers_language


class Holiday(models.Model):
    """A day on which every office is closed; days the government adds are marked."""

    day = models.DateField(_("day"), unique=True)
    name_km = models.CharField(_("name in Khmer"), max_length=300)
    name_en = models.CharField(_("name in English"), max_length=300)
    source = models.CharField(_("source"), max_length=300)
    is_added = models.BooleanField(_("added by hand"), default=False)

    class Meta:
        ordering = ["day"]
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")

    def __str__(self) -> str:
        return f"{self.day} {self.name_en}"

    @property
    def name(self) -> str:
        """Give the name in the reader's language."""
        return in_readers_language(self.name_km, self.name_en)


class OfficeHours(models.Model):
    """A weekly pattern of opening periods that offices choose from."""

    code = models.SlugField(_("code"), unique=True)
    name_km = models.CharField(_("name in Khmer"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)

    class Meta:
        ordering = ["code"]
        verbose_name = _("office hours")
        verbose_name_plural = _("office hours")

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """Give the name in the reader's language."""
        return in_readers_language(self.name_km, self.name_en)


class OpeningPeriod(models.Model):
    """One opening period on one weekday (Monday is 0), in local time."""

    office_hours = models.ForeignKey(
        OfficeHours, on_delete=models.CASCADE, related_name="periods", verbose_name=_("hours")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    opens_at = models.TimeField(_("opens at"))
    closes_at = models.TimeField(_("closes at"))

    class Meta:
        ordering = ["office_hours", "weekday", "opens_at"]
        verbose_name = _("opening period")
        verbose_name_plural = _("opening periods")
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_weekday_exists"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="opening_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_hours_id} {self.weekday} {self.opens_at}-{self.closes_at}"
