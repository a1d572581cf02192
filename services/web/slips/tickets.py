"""What the ticket of the waiting room says."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from owso import formats
from services.desk.models import Paper, Ticket
from services.offices.queries import OfficeTerms
from services.web.slips.texts import practice_text
from tenants.context import current_province


@dataclass(frozen=True, slots=True)
class TicketText:
    """All that stands on a ticket; nothing of the person who takes it."""

    number: str
    number_km: str
    title_km: str
    title_en: str
    office_km: str
    office_en: str
    ahead_km: str
    ahead_en: str
    when_km: str
    is_practice: str
    paper: str

    def as_data(self) -> dict[str, object]:
        """The ticket as plain data for the printer."""
        return asdict(self)


def ticket_text(
    ticket: Ticket, *, office: OfficeTerms, waiting: int, paper: str = Paper.THERMAL
) -> TicketText:
    """Word a ticket; `waiting` counts those who wait now, its holder among them."""
    ahead = max(waiting - 1, 0)
    when, _english = _two(lambda: formats.local_datetime(ticket.issued_at, "year"))
    return TicketText(
        str(ticket.number),
        formats.khmer_digits(str(ticket.number)),
        *_two(lambda: _("Your number")),
        *_two(lambda: f"{formats.name_of(current_province())} · {formats.name_of(office)}"),
        *_two(
            lambda: (
                ngettext("%(count)s person is before you", "%(count)s people are before you", ahead)
                % {"count": ahead}
            )
        ),
        when_km=when,
        is_practice=practice_text(),
        paper=paper,
    )


def _two(make: Callable[[], str]) -> tuple[str, str]:
    with translation.override("km"):
        khmer = formats.khmer_digits(make())
    with translation.override("en"):
        return khmer, make()
