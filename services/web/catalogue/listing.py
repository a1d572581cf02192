"""Lists of services: all sectors and life events, one of them, or what a search found."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from owso.formats import riel
from services.catalogue.kinds import Ceiling, Level
from services.catalogue.queries import offered
from services.catalogue.terms import VersionTerms
from services.citizens.life_events import LifeEvent, life_event, life_events
from services.citizens.searching import MAX_TYPED, search
from services.web.marks import mark_text
from tenants import clock


@dataclass(frozen=True, slots=True)
class Line:
    """One service of a list, ready to print."""

    code: str
    name: str
    level: str
    fee: str
    fee_mark: str
    days: int


@dataclass(frozen=True, slots=True)
class Group:
    """A sector or a life event, and how many services it has."""

    code: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the catalogue: `title` names what is listed, empty on the first page."""

    title: str
    query: str
    lines: tuple[Line, ...]
    events: tuple[Group, ...]
    sectors: tuple[Group, ...]


def all_services() -> tuple[VersionTerms, ...]:
    """Return every open service of all levels with the terms of today."""
    today = clock.today()
    return tuple(terms for level in Level.values for terms in offered(level, today))


def service_of(code: str) -> VersionTerms | None:
    """Return the terms of an open service, None when there is none of this code."""
    return next((each for each in all_services() if each.service_code == code), None)


def listing_of(*, query: str, sector: str, event: str) -> Listing:
    """Put a page together: a search, else a sector, else a life event, else the first page."""
    services = all_services()
    title, found = _chosen(services, query, sector, life_event(event))
    return Listing(
        title=title,
        query=query[:MAX_TYPED],
        lines=tuple(map(_line, found)),
        events=() if title else _events(services),
        sectors=() if title and found else _sectors(services),
    )


def _chosen(
    services: tuple[VersionTerms, ...], query: str, sector: str, event: LifeEvent | None
) -> tuple[str, Iterable[VersionTerms]]:
    if query.strip():
        words = {"words": query.strip()[:MAX_TYPED]}
        return _("Services for “%(words)s”") % words, search(services, query)
    if sector and (found := [each for each in services if each.sector_code == sector]):
        return found[0].sector_name, found
    if event is not None:
        order = {code: place for place, code in enumerate(event.services)}
        wanted = [each for each in services if each.service_code in order]
        return event.name, sorted(wanted, key=lambda each: order[each.service_code])
    return "", ()


def _line(terms: VersionTerms) -> Line:
    return Line(
        code=terms.service_code,
        name=terms.name,
        level=str(Level(terms.level).label),
        fee=fee_text(terms),
        fee_mark=mark_text(terms, "fee"),
        days=terms.limit_days,
    )


def fee_text(terms: VersionTerms) -> str:
    """The fee in a few words: free, one amount, at most one, or from one to another; riel."""
    amounts = sorted({tier.amount_riel for tier in terms.fee.tiers})
    if terms.fee.is_free or not amounts or amounts[-1] == 0:
        return _("Free")
    if len(amounts) > 1:
        return _("%(least)s to %(most)s") % {"least": riel(amounts[0]), "most": riel(amounts[-1])}
    if all(tier.ceiling == Ceiling.MAXIMUM for tier in terms.fee.tiers):
        return _("at most %(fee)s") % {"fee": riel(amounts[0])}
    return riel(amounts[0])


def _events(services: tuple[VersionTerms, ...]) -> tuple[Group, ...]:
    known = {each.service_code for each in services}
    groups = (
        Group(each.code, each.name, sum(code in known for code in each.services))
        for each in life_events()
    )
    return tuple(group for group in groups if group.count)


def _sectors(services: tuple[VersionTerms, ...]) -> tuple[Group, ...]:
    counts = Counter(each.sector_code for each in services)
    names = {each.sector_code: each.sector_name for each in services}
    return tuple(Group(code, names[code], count) for code, count in counts.items())
