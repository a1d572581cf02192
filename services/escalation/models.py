"""When somebody is reminded of a stage, that it happened, and who was told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.offices.models import Closure, Office
from services.requests.models import StageVisit

OFFSET_MIN, OFFSET_MAX = -30, 90


class EscalationRule(models.Model):
    """One step of a province's ladder: who is told, so many working days from a stage's limit.

    Negative days are before the limit. A working day is the time the office is open on a
    usual day, counted in its own calendar.
    """

    offset_days = models.SmallIntegerField(unique=True)
    tells_holders = models.BooleanField(default=False)
    tells_chief = models.BooleanField(default=False)
    tells_administrator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["offset_days"]
        constraints = [
            models.CheckConstraint(
                condition=Q(offset_days__gte=OFFSET_MIN, offset_days__lte=OFFSET_MAX),
                name="escalation_offset_is_plausible",
            ),
            models.CheckConstraint(
                condition=Q(tells_holders=True) | Q(tells_chief=True) | Q(tells_administrator=True),
                name="escalation_tells_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offset_days:+d}"


class Escalation(models.Model):
    """One step taken for one visit of a stage, once for all; append-only by its action.

    `limit_at` is the limit of the stage as it stood then. `is_told` is False when a later
    step came at the same moment and was told instead.
    """

    visit = models.ForeignKey(
        StageVisit, models.CASCADE, related_name="escalations", db_index=False
    )
    step = models.SmallIntegerField()
    limit_at = models.DateTimeField()
    taken_at = models.DateTimeField()
    is_told = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "step"], name="escalation_step_is_taken_once"),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.step:+d}"


class NoticeKind(models.TextChoices):
    """What a notice is about."""

    STAGE = "stage", _("A stage and its limit")
    CLOSURE = "closure", _("A closed day")
    REOPENED = "reopened", _("A closed day that was taken back")


class Notice(models.Model):
    """Something one person is told in the office pages, once; `read_at` None is unread.

    A closed day that was taken back is no row any more: `office` and `day` say which it was.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", db_index=False
    )
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    escalation = models.ForeignKey(
        Escalation, models.CASCADE, null=True, related_name="notices", db_index=False
    )
    closure = models.ForeignKey(Closure, models.CASCADE, null=True, related_name="+")
    office = models.ForeignKey(Office, models.CASCADE, null=True, related_name="+", db_index=False)
    day = models.DateField(null=True)
    moved = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("user", models.F("id").desc(), name="notice_newest"),
            models.Index(fields=["user"], name="notice_unread", condition=Q(read_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["escalation", "user"],
                condition=Q(escalation__isnull=False),
                name="notice_is_given_once_a_step",
            ),
            models.UniqueConstraint(
                fields=["closure", "user"],
                condition=Q(closure__isnull=False),
                name="notice_is_given_once_a_closure",
            ),
            models.CheckConstraint(
                condition=Q(kind=NoticeKind.STAGE, escalation__isnull=False, closure__isnull=True)
                | Q(kind=NoticeKind.CLOSURE, escalation__isnull=True, closure__isnull=False)
                | Q(
                    kind=NoticeKind.REOPENED,
                    escalation__isnull=True,
                    closure__isnull=True,
                    office__isnull=False,
                    day__isnull=False,
                ),
                name="notice_has_its_matter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"
