"""Reads of complaints and ratings, each limited to whom it is for."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.errors import NotFound, Unavailable
from services.documents import containers, storing
from services.documents.containers import DamagedError
from services.offices.actors import Actor
from services.voice.actions import citizens_office
from services.voice.kinds import Criterion
from services.voice.models import Complaint, ComplaintFile, Rating, RatingScore
from tenants import sealing

FEWEST_RATINGS = 5
"""Fewer ratings are not shown: one could guess who gave them."""


@dataclass(frozen=True, slots=True)
class Word:
    """What one side said, readable; `outcome` empty: the citizen said it."""

    text: str
    outcome: str
    outcome_label: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the score card: how many answered, and the mean of 1 to 5."""

    criterion: Criterion
    count: int
    mean: float


def complaint_by_code(code: str) -> Complaint:
    """Return the complaint of a parsed code; raise NotFound when there is none."""
    found = Complaint.objects.filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def complaints_for(actor: Actor) -> QuerySet[Complaint]:
    """Return all complaints for the citizens' office, none for anybody else."""
    if not actor.may(Verb.ANSWER_COMPLAINT, office_id=citizens_office()):
        return Complaint.objects.none()
    return Complaint.objects.select_related("office", "request__service")


def words_of(complaint: Complaint) -> list[Word]:
    """Return what was said, the oldest first."""
    return [
        Word(
            sealing.unseal(bytes(word.text_sealed)),
            word.outcome,
            word.get_outcome_display() if word.outcome else "",
            word.said_at,
        )
        for word in complaint.words.order_by("number")
    ]


def contact_of(complaint: Complaint) -> str:
    """Return how the citizen wishes to be reached; empty when they did not say."""
    return (
        "" if complaint.contact_sealed is None else sealing.unseal(bytes(complaint.contact_sealed))
    )


def file_of(complaint: Complaint, file_id: int) -> ComplaintFile:
    """Return a file of a complaint the caller has found; raise NotFound."""
    found = complaint.files.filter(pk=file_id).first()
    if found is None:
        raise NotFound
    return found


def content_of(file: ComplaintFile) -> bytes:
    """Return the content, wholly proved; raise Unavailable when it is missing or altered."""
    try:
        return storing.load(file.file_name, containers.unseal_key(file.key_sealed))
    except DamagedError as error:
        message = _("This file was altered or lost on the server and is not shown.")
        raise Unavailable("document_altered", message, file=file.pk) from error


def late_count(now: datetime) -> int:
    """Return how many complaints are late: all that an administrator learns of them."""
    return Complaint.objects.filter(
        closed_at__isnull=True, waiting_since__isnull=True, due_at__lt=now
    ).count()


def outcome_counts(first: date, last: date) -> Counter[str]:
    """Return how many complaints received between two days stand at which outcome."""
    rows = (
        Complaint.objects.filter(received_at__date__gte=first, received_at__date__lte=last)
        .values_list("outcome")
        .annotate(n=Count("pk"))
    )
    return Counter(dict(rows))


def score_card(office_ids: Sequence[int], first: date, last: date) -> tuple[int, list[Line]]:
    """Return how many rated these offices, and the lines; too few ratings have no lines."""
    rated = Rating.objects.filter(office_id__in=office_ids, rated_on__range=(first, last))
    total = rated.count()
    if total < FEWEST_RATINGS:
        return total, []
    sums = {
        criterion: (count, points)
        for criterion, count, points in RatingScore.objects.filter(rating__in=rated)
        .values_list("criterion")
        .annotate(n=Count("pk"), points=Sum("score"))
    }
    lines = [
        Line(criterion, sums[criterion][0], sums[criterion][1] / sums[criterion][0])
        for criterion in Criterion
        if sums.get(criterion, (0, 0))[0] >= FEWEST_RATINGS
    ]
    return total, lines
