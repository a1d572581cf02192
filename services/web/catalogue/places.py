"""Where a service may be asked for: the province chosen, its offices, one of them in full."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from owso.formats import duration, language, local_day, name_of
from services.bilingual import in_readers_language
from services.catalogue.kinds import Level
from services.catalogue.terms import VersionTerms
from services.citizens.offices import PublicOffice, public_offices, usual_time
from services.offices.calendars import calendar_seen
from services.web.maps import MapLinks, office_map
from services.web.opening import hours_text
from tenants import clock
from tenants.context import province_by_code
from tenants.models import Province

AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class ProvinceChoice:
    """A province in the list; its middle tells a phone which is nearest."""

    code: str
    name: str
    lat: float | None
    lng: float | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class OfficeChoice:
    """An office of the province that offers the service."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class OfficeSeen:
    """One office in full; `closed` are days of the next two weeks on which it stays shut."""

    name: str
    address: str
    phone: str
    hours: str
    closed: tuple[str, ...]
    map: MapLinks
    half: str
    most: str


@dataclass(frozen=True, slots=True)
class Where:
    """What the part "Where" shows: provinces, then offices, then one office."""

    provinces: tuple[ProvinceChoice, ...]
    province: str
    offices: tuple[OfficeChoice, ...]
    office: OfficeSeen | None
    note: str


def where_of(terms: VersionTerms, *, province_code: str, office_code: str) -> Where:
    """Look for the offices of a province that offer a service; works under the portal's role."""
    province = province_by_code(province_code)
    if province is not None and province.is_practice:
        province = None
    if province is None:
        return Where(_provinces(""), "", (), None, "")
    offering = [
        each for each in public_offices(province) if each.offers(terms.service_id, terms.level)
    ]
    chosen = next((each for each in offering if each.code == office_code), None)
    if chosen is None and len(offering) == 1:
        chosen = offering[0]
    return Where(
        provinces=_provinces(province.code),
        province=name_of(province),
        offices=tuple(OfficeChoice(each.code, name_of(each)) for each in offering),
        office=_seen(province, chosen, terms.service_id) if chosen else None,
        note="" if offering else _nowhere(terms),
    )


def _nowhere(terms: VersionTerms) -> str:
    if terms.level == Level.COMMUNE:
        return _("Ask for this service at the hall of your commune or sangkat.")
    return _("No office of this province offers this service now.")


def _provinces(chosen: str) -> tuple[ProvinceChoice, ...]:
    rows = Province.objects.filter(is_practice=False)
    return tuple(
        ProvinceChoice(each.code, name_of(each), each.lat, each.lng, each.code == chosen)
        for each in rows
    )


def _seen(province: Province, office: PublicOffice, service_id: int) -> OfficeSeen:
    calendar = calendar_seen(province.schema_name, office.id, office.office_hours_id)
    today = clock.today()
    closed = {**calendar.holidays, **calendar.closures}
    usual = usual_time(province, office, service_id)
    address = in_readers_language(office.address_km, office.address_en)
    return OfficeSeen(
        name=name_of(office),
        address=address,
        phone=office.phone,
        hours=hours_text(calendar),
        closed=tuple(
            f"{local_day(day)}: {closed[day]}"
            for day in sorted(closed)
            if today <= day <= today + AHEAD
        ),
        map=office_map(office.code, address, language()),
        half=duration(usual.half_minutes) if usual else "",
        most=duration(usual.most_minutes) if usual else "",
    )
