"""What complaining and answering share: the words, the clock, the office that keeps it."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from owso.errors import Invalid
from services.calendars.working import WorkingCalendar
from services.offices.actors import system_actor
from services.offices.calendars import calendar_of
from services.offices.queries import office_by_code
from services.requests.khmer import without_invisible
from services.voice.kinds import VoiceLimits
from services.voice.models import Complaint, ComplaintWord
from tenants import sealing
from tenants.context import current_province

CITIZEN = system_actor("citizen")
"""Whoever holds a code; the trail keeps neither name nor address of them."""


def citizens_office() -> int:
    """Return the office whose calendar complaints keep: the province's unit."""
    return office_by_code(f"{current_province().code}00").id


def say(
    complaint: Complaint, text: str, *, now: datetime, outcome: str = "", by_id: int | None = None
) -> None:
    """Add a word and save the complaint with its next version."""
    complaint.version += 1
    complaint.save()
    ComplaintWord.objects.create(
        complaint=complaint,
        number=complaint.version,
        outcome=outcome,
        text_sealed=sealing.seal(text),
        by_id=by_id,
        said_at=now,
    )


def fit_text(text: str, name: str) -> str:
    """Return a text without what cannot be kept; raise Invalid on the field of that name."""
    cleaned = text.replace("\x00", "").strip()
    if len(without_invisible(cleaned)) < VoiceLimits.TEXT_MIN:
        message = _("Write a little more, so that it can be understood.")
        raise Invalid("text_short", message, fields={name: message})
    if len(cleaned) > VoiceLimits.TEXT_MAX:
        words = {"count": VoiceLimits.TEXT_MAX}
        too_long = _("This text is too long: at most %(count)s characters.") % words
        raise Invalid("text_long", too_long, fields={name: too_long})
    return cleaned


def calendar() -> WorkingCalendar:
    """Return the calendar by which complaints are answered."""
    return calendar_of(citizens_office())
