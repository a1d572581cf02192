"""Public holidays and office hours, kept once for the whole country."""

from django.db import models
from django.db.models import F, Q

from services.bilingual import in_readers_language


class Holiday(models.Model):
    """A day on which every office is closed; days the government adds are marked."""

    day = models.DateField(unique=True)
    name_km = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    source = models.CharField(max_length=300)
    is_added = models.BooleanField(default=False)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name_en}"

    @property
    def name(self) -> str:
        """Give the name in the reader's language."""
        return in_readers_language(self.name_km, self.name_en)


class OfficeHours(models.Model):
    """A weekly pattern of opening periods that offices choose from."""

    code = models.SlugField(unique=True)
    name_km = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """Give the name in the reader's language."""
        return in_readers_language(self.name_km, self.name_en)


class OpeningPeriod(models.Model):
    """One opening period on one weekday (Monday is 0), in local time."""

    office_hours = models.ForeignKey(OfficeHours, on_delete=models.CASCADE, related_name="periods")
    weekday = models.PositiveSmallIntegerField()
    opens_at = models.TimeField()
    closes_at = models.TimeField()

    class Meta:
        ordering = ["office_hours", "weekday", "opens_at"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_weekday_exists"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="opening_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_hours_id} {self.weekday} {self.opens_at}-{self.closes_at}"
