"""A form on its way: what was typed, taken over into another service or out of a draft."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.http import QueryDict

from services.desk.actions import save_draft
from services.web.access import StaffRequest
from services.web.counter.register_form import TICKS

UNSAVED = ("csrfmiddlewaretoken", "step", "known_for")
WORTH_KEEPING = ("full_name", "phone", "id_number", "applicant", "representative_name")
LISTS = ("papers",)
Content = Mapping[str, list[str]]


def content_of(data: QueryDict) -> dict[str, list[str]]:
    """What a form sent, without what belongs to the page alone."""
    return {name: list(values) for name, values in data.lists() if name not in UNSAVED}


def restored(content: Content) -> dict[str, Any]:
    """What to fill a form with, so that it stands as it was left."""
    filled: dict[str, Any] = {
        name: list(values) if name in LISTS else last(values) for name, values in content.items()
    }
    if "full_name" in content:  # a box that is not ticked is not sent
        filled |= {name: name in content for name in TICKS}
    return filled


def last(values: Iterable[str]) -> str:
    """The value a form means when a name comes more than once."""
    return next(reversed(list(values)), "")


def keep(request: StaffRequest, kind: str = "") -> bool:
    """Keep the form as a draft if it holds anything of a person; says whether it is kept.

    `kind` stands in for the service of a form that has none; there a quantity is enough.
    """
    data = request.POST
    worth = (*WORTH_KEEPING, "quantity") if kind else WORTH_KEEPING
    if not any(data.get(name, "").strip() for name in worth):
        return False
    try:
        key = UUID(data.get("key", ""))
    except ValueError:
        return False
    kept = save_draft(
        key,
        content_of(data),
        by=request.actor,
        office_id=request.desk.id,
        service_code=kind or data.get("service", "")[:40],
    )
    return kept is not None
