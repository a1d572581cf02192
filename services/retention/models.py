"""The retention periods in force, in the shared schema."""

from django.db import models
from django.db.models import F, Q


class RetentionPeriod(models.Model):
    """How many days one kind of data is kept.

    `usual_days` and `minimum_days` come from the rules in the code. `own_days` is what the
    ministry decided instead, never less than the minimum. The provinces' disposal reads it in
    the database: a kind without a row is never due.
    """

    kind = models.CharField(max_length=20, unique=True)
    usual_days = models.PositiveIntegerField()
    minimum_days = models.PositiveIntegerField()
    own_days = models.PositiveIntegerField(null=True)
    set_by = models.CharField(max_length=120, blank=True)
    set_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(usual_days__gte=F("minimum_days")), name="usual_period_is_legal"
            ),
            models.CheckConstraint(
                condition=Q(own_days__isnull=True) | Q(own_days__gte=F("minimum_days")),
                name="own_period_is_legal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.days}"

    @property
    def days(self) -> int:
        """The days in force."""
        return self.usual_days if self.own_days is None else self.own_days
