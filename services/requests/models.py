"""A citizen's request, the people around it, its stages, pauses and events."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from services.offices.actors import Actor
from services.offices.models import Office
from services.requests.fields import CurrentTransaction, TransactionIdField
from services.requests.importing.models import ImportLine as ImportLine
from services.requests.importing.models import ImportNote as ImportNote
from services.requests.importing.models import ImportRun as ImportRun
from services.requests.kinds import AuthorityKind, EventKind, IdKind, Outcome, PauseReason, Sex
from services.requests.states import CLOSED, OPEN, State
from services.requests.visibility import held, near, visible

__all__ = [
    "Applicant",
    "AuthorityKind",
    "Collection",
    "Ending",
    "EventKind",
    "IdKind",
    "Outcome",
    "PaperCheck",
    "Pause",
    "PauseReason",
    "Representation",
    "RequestEvent",
    "RequestQuerySet",
    "ServiceRequest",
    "Sex",
    "StageVisit",
]


class Applicant(models.Model):
    """The person a request is for; personal data lives here and nowhere else."""

    full_name = models.CharField(max_length=200)
    name_search = models.CharField(max_length=200)
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True)
    id_kind = models.CharField(max_length=16, choices=IdKind.choices, blank=True)
    id_sealed = models.BinaryField(null=True)
    id_hash = models.BinaryField(null=True, db_index=True)
    phone_sealed = models.BinaryField(null=True)
    phone_hash = models.BinaryField(null=True, db_index=True)
    phone_last4_hash = models.BinaryField(null=True)
    language = models.CharField(max_length=2, default="km")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            GinIndex(
                fields=["name_search"], opclasses=["gin_trgm_ops"], name="applicant_name_search"
            ),
        ]

    def __str__(self) -> str:
        return f"applicant {self.pk}"


class RequestQuerySet(models.QuerySet["ServiceRequest"]):
    """Requests as rows that somebody may or may not see."""

    def visible_to(self, actor: Actor) -> "RequestQuerySet":
        """Keep what the actor may read: requests at, or handed on by, the actor's offices."""
        return self.filter(visible(actor))

    def near(self, actor: Actor) -> "RequestQuerySet":
        """Keep the requests that lie at, or came in at, the actor's offices: to search among."""
        return self.filter(near(actor))

    def held_by(self, actor: Actor) -> "RequestQuerySet":
        """Keep the requests at the actor's offices now, for agents those of their sector."""
        return self.filter(held(actor))


class ServiceRequest(models.Model):
    """One request for one service, under the version it was registered with."""

    tracking_code = models.CharField(max_length=13, unique=True)
    idempotency_key = models.UUIDField(unique=True)
    content_hash = models.BinaryField()
    applicant = models.ForeignKey(Applicant, models.PROTECT, null=True, related_name="requests")
    service_version = models.ForeignKey(
        "catalogue.ServiceVersion", models.PROTECT, related_name="+", db_index=False
    )
    service = models.ForeignKey(
        "catalogue.Service", models.PROTECT, related_name="+", db_index=False
    )
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    received_office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=State.choices)
    quantity = models.PositiveIntegerField(default=1)
    fee_values = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    registered_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    promised_at = models.DateTimeField(null=True)
    paused_minutes = models.PositiveIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    current_visit = models.OneToOneField(
        "requests.StageVisit", models.PROTECT, null=True, related_name="+"
    )
    source = models.CharField(max_length=60, blank=True)
    source_ref = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())

    objects = RequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                F("office"),
                F("due_at"),
                F("id"),
                name="request_queue",
                condition=Q(state__in=sorted(OPEN)),
            ),  # the open ones are few; the delivered millions stay out of this index
            models.Index(F("office"), F("id").desc(), name="request_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_ref"],
                condition=~Q(source=""),
                name="request_is_imported_once",
            ),
            models.UniqueConstraint(
                fields=["id", "service_version"], name="request_and_version_for_charges"
            ),
            models.CheckConstraint(
                condition=Q(applicant__isnull=False) | ~Q(source=""),
                name="request_has_an_applicant_unless_imported",
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="request_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="request_quantity_is_positive"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[*sorted(OPEN), State.READY, State.DELIVERED])
                | Q(registered_at__isnull=False, due_at__isnull=False, due_on__isnull=False),
                name="request_open_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(CLOSED), closed_at__isnull=False)
                | (~Q(state__in=sorted(CLOSED)) & Q(closed_at__isnull=True)),
                name="request_closed_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.READY, State.DELIVERED]) | Q(ready_at__isnull=False),
                name="request_ready_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(promised_at__isnull=True) | Q(promised_at__lte=F("due_at")),
                name="request_promise_is_within_the_limit",
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_code

    def is_overdue(self, now: datetime) -> bool:
        """Say whether the legal limit has passed while the clock was running."""
        is_running = self.state in {State.REGISTERED, State.IN_PROGRESS}
        return is_running and self.due_at is not None and self.due_at < now

    @property
    def is_imported(self) -> bool:
        """Say whether this request came from an older register."""
        return bool(self.source)


class Representation(models.Model):
    """Who presented the papers for the applicant, and who gets the notices."""

    request = models.OneToOneField(ServiceRequest, models.CASCADE, related_name="representation")
    name_sealed = models.BinaryField()
    authority_kind = models.CharField(max_length=10, choices=AuthorityKind.choices)
    phone_sealed = models.BinaryField(null=True)
    receives_notices = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"representation of {self.request_id}"


class Collection(models.Model):
    """Who took the result away."""

    request = models.OneToOneField(ServiceRequest, models.PROTECT, related_name="collection")
    collector_name_sealed = models.BinaryField()
    is_applicant = models.BooleanField(default=True)
    id_kind = models.CharField(max_length=16, choices=IdKind.choices, blank=True)
    id_hash = models.BinaryField(null=True)
    collected_at = models.DateTimeField()
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"collection of {self.request_id}"


class Ending(models.Model):
    """Why a request was rejected or withdrawn; the note is personal."""

    request = models.OneToOneField(ServiceRequest, models.PROTECT, related_name="ending")
    note = models.CharField(max_length=2000, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"end of {self.request_id}"


class StageVisit(models.Model):
    """The time a request spends in one stage at one office."""

    request = models.ForeignKey(
        ServiceRequest, models.CASCADE, related_name="visits", db_index=False
    )
    sequence = models.PositiveSmallIntegerField()
    stage_code = models.CharField(max_length=40)
    stage = models.ForeignKey(
        "catalogue.StageTemplate", models.PROTECT, null=True, related_name="+", db_index=False
    )
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    actor_role = models.CharField(max_length=24)
    entered_at = models.DateTimeField()
    planned_minutes = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    dwell_minutes = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "sequence"], name="visit_sequence_is_unique_in_its_request"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("entered_at")),
                name="visit_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True, outcome="", dwell_minutes__isnull=True)
                | (Q(left_at__isnull=False, dwell_minutes__isnull=False) & ~Q(outcome="")),
                name="visit_left_has_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}/{self.sequence} {self.stage_code}"


class Pause(models.Model):
    """A stop of the clock while the office waits for the citizen; `note` is personal."""

    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="pauses")
    visit = models.ForeignKey(StageVisit, models.CASCADE, related_name="+", db_index=False)
    reason = models.CharField(max_length=20, choices=PauseReason.choices)
    note = models.CharField(max_length=2000, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(ended_at__isnull=True),
                name="request_waits_for_one_thing_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="pause_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"pause of {self.request_id}"


class PaperCheck(models.Model):
    """Whether one required paper has been handed in; not handed in means asked for."""

    request = models.ForeignKey(
        ServiceRequest, models.CASCADE, related_name="papers", db_index=False
    )
    document = models.ForeignKey(
        "catalogue.RequiredDocument", models.PROTECT, related_name="+", db_index=False
    )
    is_handed_in = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "document"], name="paper_is_checked_once_a_request"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.document_id}"


class RequestEvent(models.Model):
    """One fact of the ledger the national figures are folded from; append-only, nothing personal.

    `due_on_before` and `due_on_after` move the request between due days: None is not open,
    9999-12-31 is open with the clock stopped. Over all events the sum of after minus before
    by day is the number of requests open today. Minutes are whole elapsed minutes.
    """

    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=EventKind.choices)
    occurred_at = models.DateTimeField()
    occurred_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    xact_id = TransactionIdField(db_default=CurrentTransaction())
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    office_before = models.ForeignKey(
        Office, models.PROTECT, null=True, related_name="+", db_index=False
    )
    # The two below repeat the request's own columns, which hold the constraint.
    service = models.ForeignKey(
        "catalogue.Service", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    service_version = models.ForeignKey(
        "catalogue.ServiceVersion",
        models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    stage_left = models.CharField(max_length=40, blank=True)
    dwell_minutes = models.PositiveIntegerField(null=True)
    stage_was_late = models.BooleanField(null=True)
    stage_entered = models.CharField(max_length=40, blank=True)
    due_on_before = models.DateField(null=True)
    due_on_after = models.DateField(null=True)
    amount_riel = models.BigIntegerField(default=0)
    duration_minutes = models.PositiveIntegerField(null=True)
    was_late = models.BooleanField(null=True)
    is_imported = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["xact_id", "id"], name="event_fold_order"),
            # A few pages for millions of rows: the recount of the last days reads only those.
            BrinIndex(fields=["occurred_on"], name="event_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=EventKind.values), name="event_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind}"
