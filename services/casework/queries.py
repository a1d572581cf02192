"""Reads of what the back office has written about one request."""

from dataclasses import dataclass

from django.db import connection

from services.casework.models import Assignment, Draft, Note, Opinion, OutcomeDocument
from services.casework.presence import EVERYTHING, Presence
from services.requests.models import ServiceRequest

_COLLEAGUES = """
SELECT u.id, u.full_name_km, u.full_name_en FROM accounts_user u
WHERE u.is_active AND EXISTS (
  SELECT 1 FROM offices_staffrole s WHERE s.user_id = u.id AND s.office_id = %s
  AND s.role = %s AND (s.sector_id IS NULL OR s.sector_id = %s)
) ORDER BY u.full_name_km, u.id"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a file can be given to."""

    id: int
    full_name_km: str
    full_name_en: str


@dataclass(frozen=True, slots=True)
class Casework:
    """Everything beside the stages of a request; oldest first, `assignment` of its stage now."""

    assignment: Assignment | None
    notes: tuple[Note, ...]
    opinions: tuple[Opinion, ...]
    draft: Draft | None
    document: OutcomeDocument | None

    @property
    def open_opinions(self) -> tuple[Opinion, ...]:
        """The opinions that are still waited for."""
        return tuple(opinion for opinion in self.opinions if opinion.is_open)


def casework_of(request: ServiceRequest, *, present: Presence = EVERYTHING) -> Casework:
    """Return what was written about a request the caller may see; a query a part that is there."""
    notes = Note.objects.filter(request=request).select_related("author").order_by("id")
    opinions = Opinion.objects.filter(request=request).order_by("id")
    drafts = Draft.objects.filter(request=request).select_related("written_by").order_by("-number")
    documents = OutcomeDocument.objects.filter(request=request)
    return Casework(
        assignment=_assignment(request) if present.assignment else None,
        notes=tuple(notes) if present.notes else (),
        opinions=tuple(opinions.select_related("asked_by", "answered_by", "withdrawn_by"))
        if present.opinions
        else (),
        draft=drafts.first() if present.drafts else None,
        document=documents.select_related("signed_by", "office").first()
        if present.outcome
        else None,
    )


def _assignment(request: ServiceRequest) -> Assignment | None:
    visit = request.current_visit
    held = Assignment.objects.filter(
        request=request,
        office_id=request.office_id,
        role="" if visit is None else visit.actor_role,
    )
    return held.select_related("user").first()


def colleagues(office_id: int, role: str, *, sector_id: int) -> tuple[Person, ...]:
    """Return who holds a role at an office for a sector, by name."""
    with connection.cursor() as cursor:
        cursor.execute(_COLLEAGUES, [office_id, role, sector_id])
        return tuple(Person(*row) for row in cursor.fetchall())
