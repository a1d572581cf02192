"""The answer after a breach: which persons, which of their data, since when, through whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from owso.audit.models import AccessEntry, Reading
from services.offices.models import Office
from services.privacy.actions.copying import DETAIL
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from tenants import clock

_WHOLE_FILE = _("name, masked phone, presenter, notes, decisions")
FIELDS: dict[str, str | Promise] = {
    Reading.FILE: _WHOLE_FILE,
    Reading.FOUND: _WHOLE_FILE,
    Reading.SLIP: _("name, masked phone, presenter"),
    Reading.DOCUMENT: _("one scan or document, wholly"),
    Reading.API: _WHOLE_FILE,
}
EVERYTHING = _("everything, phone and identity number too")


@dataclass(frozen=True, slots=True)
class Asked:
    """What narrows the readings down; what is empty narrows nothing."""

    since: date
    until: date
    actor_id: int | None = None
    address: str = ""
    request_code: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One reading: when, of which request and person (by number), by whom, what was shown."""

    at: datetime
    code: str
    applicant_id: int | None
    account: str
    office: str
    address: str
    fields: str


def readings(asked: Asked) -> Iterator[Line]:
    """Give the readings of the current province, oldest first; no line names a citizen."""
    entries = AccessEntry.objects.filter(
        at__gte=datetime.combine(asked.since, time.min, clock.LOCAL),
        at__lte=datetime.combine(asked.until, time.max, clock.LOCAL),
    ).order_by("id")
    if asked.actor_id is not None:
        entries = entries.filter(actor_id=asked.actor_id)
    if asked.address:
        entries = entries.filter(address=asked.address)
    if asked.request_code:
        known = ServiceRequest.objects.filter(tracking_code=asked.request_code)
        entries = entries.filter(request_id__in=known.values("pk"))
    offices = dict(Office.objects.values_list("pk", "code"))
    found = list(entries)
    requests = ServiceRequest.objects.in_bulk({entry.request_id for entry in found})
    for entry in found:
        yield _line(entry, requests.get(entry.request_id), offices)


def _line(entry: AccessEntry, request: ServiceRequest | None, offices: dict[int, str]) -> Line:
    return Line(
        at=entry.at,
        code="" if request is None else format_code(request.tracking_code),
        applicant_id=None if request is None else request.applicant_id,
        account=f"{entry.actor_id} {entry.actor_name}",
        office=offices.get(entry.office_id or 0, ""),
        address=entry.address,
        fields=str(EVERYTHING if entry.detail == DETAIL else FIELDS.get(entry.kind, "")),
    )
