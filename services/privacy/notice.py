"""The notice at capture: what people are told about their data, and since when in which words.

No request stores a version: the day of its registration says which words hung at the counter.
A changed text is a new version with its first day; the older ones stay here as they were.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.requests.models import ServiceRequest
from tenants import clock

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Version:
    """One wording: its short form for the counter, and the questions it answers."""

    name: str
    since: date
    short: Text
    answers: tuple[tuple[Text, tuple[Text, ...]], ...]


_FIRST = Version(
    name="2026-1",
    since=date(2026, 1, 1),
    short=_(
        "The office writes down your name, phone and identity number to handle this request and"
        " to reach you, as the law on its services asks. Only staff who work on it see them, and"
        " each look is recorded. You may see, correct and object. Ask here, or read:"
    ),
    answers=(
        (
            _("Who is responsible?"),
            (
                _("The one window office where you apply, and its capital or province."),
                _("The Ministry of Interior runs the system. It sees counts, sums and times,"
                  " never your name."),
            ),
        ),
        (
            _("What is written down, and what for?"),
            (
                _("Your name, sex, phone, and the kind and number of your identity paper: to know"
                  " whose request it is, and to reach you."),
                _("The papers you bring: to check that the request meets the law."),
                _("What the office does and decides, and the fee you pay: to answer for it."),
            ),
        ),
        (
            _("On what legal ground?"),
            (
                _("The law and the prakas on each service, which ask for these details, and the"
                  " sub-decrees on the one window offices."),
                _("Your consent, for messages to your phone only. You can end it at any time."),
            ),
        ),
        (
            _("Who sees it?"),
            (
                _("Staff of the offices that work on your request. Each look is recorded: who,"
                  " when, in which office."),
                _("Nobody else, unless a court or a law orders it. Nothing is sold or published."),
                _("The tracking page and the figures show no name and no number of a person."),
            ),
        ),
        (
            _("What are your rights?"),
            (
                _("To see all that is kept about you, and to take a copy with you."),
                _("To have a wrong name or phone number corrected, and a new slip."),
                _("To object to a use of your data, and to get a decision with reasons."),
                _("To know who looked at your file."),
                _("To complain to the citizens' office of your capital or province."),
            ),
        ),
        (
            _("Whom do you ask?"),
            (
                _("The counter of your office. Bring your slip and your identity paper. Asking"
                  " costs nothing."),
            ),
        ),
    ),
)  # fmt: skip
VERSIONS: Mapping[str, Version] = {each.name: each for each in (_FIRST,)}
NEWEST = _FIRST


def version_on(day: date) -> Version:
    """Return the wording that held on a day; before the first there was none but the first."""
    held = [each for each in VERSIONS.values() if each.since <= day]
    return max(held, key=lambda each: each.since, default=_FIRST)


def version_of(request: ServiceRequest) -> Version | None:
    """Return the wording a request was registered under; None for history of another register."""
    if request.source:
        return None
    moment: datetime = request.registered_at or request.received_at
    return version_on(clock.local_day(moment))
