"""National facts, folded from the provinces' events; no row here can name a person."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Grain(models.TextChoices):
    """How long a stretch of time one row of durations covers."""

    DAY = "d", _("day")
    MONTH = "m", _("month")
    YEAR = "y", _("year")


class FoldCursor(models.Model):
    """How far the events of a province are folded: everything up to (xact_id, event_id)."""

    province = models.OneToOneField(
        "tenants.Province", on_delete=models.CASCADE, primary_key=True, related_name="fold_cursor"
    )
    xact_id = models.BigIntegerField(default=0)
    event_id = models.BigIntegerField(default=0)
    folded_at = models.DateTimeField(null=True)
    events_folded = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.province_id}: {self.xact_id}/{self.event_id}"


class Freshness(models.Model):
    """When a province was last seen with nothing left to fold, and since when folding fails."""

    province = models.OneToOneField(
        "tenants.Province", on_delete=models.CASCADE, primary_key=True, related_name="freshness"
    )
    current_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failure = models.CharField(max_length=100, default="")

    def __str__(self) -> str:
        return f"{self.province_id}: {self.current_at}"


class Verification(models.Model):
    """The latest recount of a province, one row for recent days and one for everything."""

    class Scope(models.TextChoices):
        RECENT = "recent", _("the last days")
        FULL = "full", _("everything")

    province = models.ForeignKey(
        "tenants.Province", on_delete=models.CASCADE, related_name="verifications"
    )
    scope = models.CharField(max_length=6, choices=Scope.choices)
    verified_at = models.DateTimeField()
    equal_at = models.DateTimeField(null=True)
    is_equal = models.BooleanField()
    events = models.BigIntegerField()
    requests = models.BigIntegerField()
    income_riel = models.BigIntegerField()
    differences = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["province", "scope"], name="verification_province_scope"
            )
        ]

    def __str__(self) -> str:
        return f"{self.province_id} {self.scope}: {'equal' if self.is_equal else 'different'}"


class ProvinceFact(models.Model):
    """A number of one province.

    Facts are written by one set-based statement from events that already passed the provinces'
    foreign keys: checking millions of rows again would only slow the fold, so none is declared.
    """

    province = models.ForeignKey(
        "tenants.Province", models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        abstract = True


class ServiceFact(ProvinceFact):
    """A number of one service in a province."""

    service = models.ForeignKey(
        "catalogue.Service", models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        abstract = True


class OfficeServiceFact(ServiceFact):
    """A number of one service at one office; `office_id` is the province's own key (OfficeRef)."""

    office_id = models.BigIntegerField()

    class Meta:
        abstract = True


class OfficeRef(ProvinceFact):
    """Code and names of an office as its province last told them."""

    pk = models.CompositePrimaryKey("province_id", "office_id")
    office_id = models.BigIntegerField()
    code = models.CharField(max_length=8)
    kind = models.CharField(max_length=12)
    name_km = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.code} {self.name_en}"


class DayMeasures(models.Model):
    """What was done on one local day: counts of events, and riel."""

    day = models.DateField()
    received = models.IntegerField(default=0)
    incomplete = models.IntegerField(default=0)
    completed_on_time = models.IntegerField(default=0)
    completed_late = models.IntegerField(default=0)
    delivered = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    withdrawn = models.IntegerField(default=0)
    payments = models.IntegerField(default=0)
    income_riel = models.BigIntegerField(default=0)
    reversals = models.IntegerField(default=0)
    reversals_riel = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class ProvinceDay(ProvinceFact, DayMeasures):
    """The measures of a whole province on a day: the page's grain."""

    pk = models.CompositePrimaryKey("province_id", "day")

    def __str__(self) -> str:
        return f"{self.province_id} {self.day}"


class OfficeServiceDay(OfficeServiceFact, DayMeasures):
    """The measures of one service at one office on a day, with what was forwarded in and out."""

    pk = models.CompositePrimaryKey("province_id", "office_id", "service_id", "day")
    forwarded_in = models.IntegerField(default=0)
    forwarded_out = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.province_id} {self.office_id} {self.service_id} {self.day}"


class StageDay(OfficeServiceFact):
    """Visits of one stage entered and left on a day; dwell is the sum of elapsed minutes."""

    pk = models.CompositePrimaryKey("province_id", "office_id", "service_id", "stage_code", "day")
    stage_code = models.CharField(max_length=40)
    day = models.DateField()
    entered = models.IntegerField(default=0)
    departed = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    dwell_minutes = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.province_id} {self.office_id} {self.stage_code} {self.day}"


class StageDwell(ServiceFact):
    """How many visits of a stage, left within a month, lasted exactly so many elapsed minutes."""

    pk = models.CompositePrimaryKey("province_id", "service_id", "stage_code", "month", "minutes")
    stage_code = models.CharField(max_length=40)
    month = models.DateField()
    minutes = models.IntegerField()
    n = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.province_id} {self.stage_code} {self.month}: {self.n} x {self.minutes}"


class DurationCount(ProvinceFact):
    """How many requests completed within a stretch of time took exactly so many elapsed minutes."""

    pk = models.CompositePrimaryKey("province_id", "grain", "starts_on", "minutes")
    grain = models.CharField(max_length=1, choices=Grain.choices)
    starts_on = models.DateField()
    minutes = models.IntegerField()
    n = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.province_id} {self.grain} {self.starts_on}: {self.n} x {self.minutes}"


class DurationBucket(ProvinceFact):
    """The same durations in steps of a sixteenth, to find quickly where a quantile lies."""

    pk = models.CompositePrimaryKey("province_id", "grain", "starts_on", "from_minutes")
    grain = models.CharField(max_length=1, choices=Grain.choices)
    starts_on = models.DateField()
    from_minutes = models.IntegerField()
    n = models.IntegerField(default=0)

    def __str__(self) -> str:
        return (
            f"{self.province_id} {self.grain} {self.starts_on}: {self.n} from {self.from_minutes}"
        )


class OfficeServiceDuration(OfficeServiceFact):
    """Durations of one service at one office, by month of completion."""

    pk = models.CompositePrimaryKey("province_id", "office_id", "service_id", "month", "minutes")
    month = models.DateField()
    minutes = models.IntegerField()
    n = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.province_id} {self.office_id} {self.month}: {self.n} x {self.minutes}"


class ProvinceOpen(ProvinceFact):
    """Requests of a province open now by due day; 9999-12-31: the clock is stopped."""

    pk = models.CompositePrimaryKey("province_id", "due_on")
    due_on = models.DateField()
    n = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.province_id} {self.due_on}: {self.n}"


class OpenByDueDay(OfficeServiceFact):
    """Requests open now at one office for one service, by the day they are due."""

    pk = models.CompositePrimaryKey("province_id", "office_id", "service_id", "due_on")
    due_on = models.DateField()
    n = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.province_id} {self.office_id} {self.due_on}: {self.n}"


class StandardKind(models.TextChoices):
    """Of what one row of the public standard tells."""

    NATION = "nation", _("Whole country")
    PROVINCE = "province", _("Province")
    OFFICE = "office", _("Office")
    SERVICE = "service", _("Service")


class StandardFigure(models.Model):
    """One row of the public standard of a closed month, small numbers not yet hidden.

    Counts of requests and payments, net riel, elapsed minutes; worked out anew from the facts.
    """

    month = models.DateField(db_index=True)
    kind = models.CharField(max_length=8, choices=StandardKind.choices)
    province = models.ForeignKey(
        "tenants.Province", models.PROTECT, null=True, db_index=False, related_name="+"
    )
    office_id = models.BigIntegerField(null=True)
    service = models.ForeignKey(
        "catalogue.Service", models.PROTECT, null=True, db_index=False, related_name="+"
    )
    received = models.IntegerField()
    on_time = models.IntegerField()
    late = models.IntegerField()
    payments = models.IntegerField()
    income_riel = models.BigIntegerField()
    median_minutes = models.IntegerField(null=True)
    p90_minutes = models.IntegerField(null=True)
    as_of = models.DateTimeField(null=True)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "kind", "province", "office_id", "service"],
                name="standard_row_is_kept_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.kind}"

    @property
    def completed(self) -> int:
        """Requests whose result became ready in the month."""
        return self.on_time + self.late

    @property
    def on_time_share(self) -> float | None:
        """Part of the completed that was ready within the legal limit, 0 to 1."""
        return self.on_time / self.completed if self.completed else None
