"""Ratings without a name, complaints under a code of their own, and what was said in them."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from services.documents.kinds import Kind
from services.offices.models import Office
from services.requests.models import ServiceRequest
from services.voice.kinds import FINAL, About, ComplaintOutcome, Criterion, Score


class Rating(models.Model):
    """One rating of one collected request; it says no name and no hour, only the day."""

    request = models.OneToOneField(ServiceRequest, models.PROTECT, related_name="rating")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    rated_on = models.DateField()

    def __str__(self) -> str:
        return f"rating of {self.request_id}"


class RatingScore(models.Model):
    """The score of one line of the card."""

    rating = models.ForeignKey(Rating, models.PROTECT, related_name="scores", db_index=False)
    criterion = models.CharField(max_length=12, choices=Criterion.choices)
    score = models.PositiveSmallIntegerField(choices=Score.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rating", "criterion"], name="rating_scores_a_criterion_once"
            ),
            models.CheckConstraint(
                condition=Q(criterion__in=Criterion.values), name="rating_criterion_is_known"
            ),
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5), name="rating_score_is_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rating_id} {self.criterion}: {self.score}"


class Complaint(models.Model):
    """A complaint to the citizens' office.

    Nothing tells who wrote it but `contact_sealed`, and that only if they wished. Its clock is
    its own: working days of the province's unit; it stands while the citizen is asked
    (`waiting_since`). `outcome` empty: nobody has answered yet.
    """

    code = models.CharField(max_length=19, unique=True)
    request = models.ForeignKey(
        ServiceRequest, models.PROTECT, null=True, related_name="complaints"
    )
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", db_index=False)
    about = models.CharField(max_length=10, choices=About.choices)
    contact_sealed = models.BinaryField(null=True)
    outcome = models.CharField(max_length=20, choices=ComplaintOutcome.choices, blank=True)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    waiting_since = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(
                F("due_at"), F("id"), name="complaint_open", condition=Q(closed_at__isnull=True)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(about__in=About.values), name="complaint_matter_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(outcome__in=ComplaintOutcome.values),
                name="complaint_outcome_is_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=sorted(FINAL), closed_at__isnull=False)
                | (~Q(outcome__in=sorted(FINAL)) & Q(closed_at__isnull=True)),
                name="complaint_is_closed_by_its_outcome",
            ),
            models.CheckConstraint(
                condition=Q(waiting_since__isnull=True)
                | Q(outcome=ComplaintOutcome.MORE_INFORMATION),
                name="complaint_waits_for_what_was_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"complaint {self.pk}"

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is said in it."""
        return self.closed_at is not None

    @property
    def is_waiting(self) -> bool:
        """Whether the citizen was asked for more; the clock stands."""
        return self.waiting_since is not None

    def is_late(self, now: datetime) -> bool:
        """Whether the day of the answer has passed while the clock was running."""
        return not self.is_closed and not self.is_waiting and self.due_at < now


class ComplaintWord(models.Model):
    """What one side said, sealed; `outcome` empty: the citizen said it, `by` is then nobody."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="words", db_index=False)
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=20, choices=ComplaintOutcome.choices, blank=True)
    text_sealed = models.BinaryField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "number"], name="complaint_word_has_its_place"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=[*ComplaintOutcome.values, ""]),
                name="complaint_word_outcome_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="") | Q(by__isnull=True),
                name="complaint_of_a_citizen_names_nobody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}/{self.number}"


class ComplaintFile(models.Model):
    """A file beside a complaint: checked, and sealed on the disk with a key of its own."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    size_bytes = models.PositiveIntegerField()
    file_name = models.CharField(max_length=100, unique=True)
    key_sealed = models.BinaryField()
    digest = models.BinaryField()

    def __str__(self) -> str:
        return f"file {self.pk} of complaint {self.complaint_id}"
