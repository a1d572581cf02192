"""An office as messages name it, with its hours in both languages."""

from django.utils import translation

from services.notify.texts import Place
from services.offices.calendars import calendar_of
from services.offices.opening import hours_text
from services.offices.queries import office


def place_of(office_id: int) -> Place:
    """Return an office of the current province for the text of a message."""
    found = office(office_id)
    return Place(
        name_km=found.name_km,
        name_en=found.name_en,
        address_km=found.address_km,
        address_en=found.address_en,
        phone=found.phone,
        hours_km=_hours(office_id, "km"),
        hours_en=_hours(office_id, "en"),
    )


def _hours(office_id: int, language: str) -> str:
    with translation.override(language):
        return hours_text(calendar_of(office_id))
