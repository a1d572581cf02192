"""Reads of what the back office has written about one request."""

from dataclasses import dataclass

from django.db.models import Q

from owso.accounts.models import User
from services.casework.models import Assignment, Draft, Note, Opinion, OutcomeDocument
from services.offices.models import StaffRole
from services.requests.models import ServiceRequest


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


def casework_of(request: ServiceRequest) -> Casework:
    """Return what was written about a request the caller may see; five queries."""
    visit = request.current_visit
    held = Assignment.objects.filter(
        request=request,
        office_id=request.office_id,
        role="" if visit is None else visit.actor_role,
    )
    notes = Note.objects.filter(request=request).select_related("author").order_by("id")
    opinions = Opinion.objects.filter(request=request).order_by("id")
    drafts = Draft.objects.filter(request=request).select_related("written_by").order_by("-number")
    documents = OutcomeDocument.objects.filter(request=request)
    return Casework(
        assignment=held.select_related("user").first(),
        notes=tuple(notes),
        opinions=tuple(opinions.select_related("asked_by", "answered_by", "withdrawn_by")),
        draft=drafts.first(),
        document=documents.select_related("signed_by", "office").first(),
    )


def colleagues(office_id: int, role: str, *, sector_id: int) -> tuple[User, ...]:
    """Return who holds a role at an office for a sector, by name."""
    rows = StaffRole.objects.filter(
        Q(sector__isnull=True) | Q(sector_id=sector_id), office_id=office_id, role=role
    )
    people = User.objects.filter(is_active=True, staff_roles__in=rows)
    return tuple(people.distinct().order_by("full_name_km", "id"))
