"""Who works on a file, and what is written about it until it is signed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from owso.accounts.permissions import Role
from services.casework.kinds import NoteKind, Recommendation
from services.offices.models import Office
from services.offices.series import YearSeries
from services.requests.models import ServiceRequest

LONGEST_TEXT = 4000


class Assignment(models.Model):
    """Who works on a file in one role at one office.

    It holds whenever the file is in a stage of that role there, so that a file which was sent
    back lies with the same person again.
    """

    request = models.ForeignKey(
        ServiceRequest, models.CASCADE, related_name="assignments", db_index=False
    )
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=24, choices=Role.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "office", "role"], name="assignment_is_to_one_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.role}: {self.user_id}"


class Note(models.Model):
    """An internal remark on a file; append-only, and personal."""

    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=10, choices=NoteKind.choices, default=NoteKind.REMARK)
    text = models.CharField(max_length=LONGEST_TEXT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="note_says_something"),
        ]

    def __str__(self) -> str:
        return f"note on {self.request_id}"


class Opinion(models.Model):
    """An opinion asked of another role of the office, with a clock of its own; personal.

    The opinion that a stage of its own is for has no question: the plan asks it.
    """

    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="opinions")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=24, choices=Role.choices)
    question = models.CharField(max_length=LONGEST_TEXT, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    recommendation = models.CharField(max_length=12, choices=Recommendation.choices, blank=True)
    answer = models.CharField(max_length=LONGEST_TEXT, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["office", "role", "due_at"],
                name="opinion_open",
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "role"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="opinion_is_asked_of_a_role_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, recommendation="", answer="")
                | (Q(answered_at__isnull=False) & ~Q(recommendation="") & ~Q(answer="")),
                name="opinion_answered_says_something",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="opinion_is_answered_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"opinion of {self.role} on {self.request_id}"

    @property
    def is_open(self) -> bool:
        """Say whether the answer is still waited for."""
        return self.answered_at is None and self.withdrawn_at is None


class Draft(models.Model):
    """One version of a document's text before it is signed; append-only, and personal."""

    request = models.ForeignKey(
        ServiceRequest, models.PROTECT, related_name="drafts", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    body = models.CharField(max_length=LONGEST_TEXT)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "number"], name="draft_number_is_unique_in_its_request"
            ),
            models.CheckConstraint(condition=~Q(body=""), name="draft_says_something"),
        ]

    def __str__(self) -> str:
        return f"draft {self.number} of {self.request_id}"


class OutcomeSeries(YearSeries):
    """The last document number of an office in a year."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "year"], name="outcome_series_is_one_an_office_and_year"
            ),
        ]


class OutcomeDocument(models.Model):
    """A signed and numbered document; append-only.

    `content_sealed` is all that is printed, encrypted, so that a reprint says what was signed;
    `content_hash` is its SHA-256. `token` is the code of the QR picture on the paper.
    """

    request = models.OneToOneField(ServiceRequest, models.PROTECT, related_name="outcome_document")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    token = models.CharField(max_length=19, unique=True)
    content_sealed = models.BinaryField()
    content_hash = models.BinaryField()
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "year", "number"], name="outcome_number_is_given_once"
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="outcome_numbers_start_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.office_id}/{self.year}/{self.number}"
