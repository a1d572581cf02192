"""Everything the province keeps about one person, gathered for that person."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from owso import formats
from owso.accounts.permissions import Role
from owso.audit.models import AccessEntry, Reading
from services.casework.contents import signed_content
from services.casework.models import Draft, Note, Opinion, OutcomeDocument
from services.cashier.models import Payment
from services.cashier.queries import receipt_number, receipts_of
from services.catalogue.queries import terms as terms_of
from services.desk.models import NoticeConsent
from services.documents.queries import documents_of
from services.offices.queries import office
from services.privacy.notice import version_of
from services.privacy.queries import corrections_of, holds_of, objections_of
from services.requests.codes import format_code
from services.requests.models import (
    Applicant,
    Collection,
    Ending,
    Pause,
    Representation,
    ServiceRequest,
)
from services.requests.states import State
from services.retention.queries import rules_in_force
from tenants import sealing
from tenants.context import current_province


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known: a name for programs, one for people, and the value."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of what is kept."""

    name: str
    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class PersonFile:
    """All of it, in the language it was gathered in."""

    province: str
    made: str
    parts: tuple[Part, ...]

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data, for a file that programs read and for the printer."""
        return asdict(self)


def gathered(requests: Iterable[ServiceRequest], now: datetime) -> PersonFile:
    """Gather what is kept about the applicant of these requests, in the current language."""
    found = list(requests)
    applicants = {each.applicant_id: each.applicant for each in found if each.applicant}
    parts = [_person(each) for each in applicants.values()]
    parts += [_request(each) for each in found]
    parts += [_readings(found), _periods()]
    return PersonFile(
        formats.name_of(current_province()), formats.local_datetime(now, "year"), tuple(parts)
    )


def _fact(name: str, label: str, value: object) -> Fact:
    text = formats.local_datetime(value, "year") if isinstance(value, datetime) else str(value)
    return Fact(name, label, text)


def _told(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts if fact.value not in {"", "None"})


def _opened(sealed: bytes | memoryview | None) -> str:
    return "" if not sealed else sealing.unseal(bytes(sealed))


def _person(row: Applicant) -> Part:
    facts = (
        _fact("full_name", _("Name"), row.full_name),
        _fact("sex", _("Sex"), row.get_sex_display()),
        _fact("id_kind", _("Identity paper"), row.get_id_kind_display()),
        _fact("id_number", _("Number of the paper"), _opened(row.id_sealed)),
        _fact("phone", _("Phone"), _opened(row.phone_sealed)),
        _fact("language", _("Language"), row.language),
        _fact("since", _("On file since"), row.created_at),
    )
    return Part("person", _("About you"), _told(facts))


def _request(request: ServiceRequest) -> Part:
    facts = (
        *_course(request),
        *_people(request),
        *_papers(request),
        *_money(request),
        *_written(request),
        *_rights(request),
    )
    title = _("Request %(code)s") % {"code": format_code(request.tracking_code)}
    return Part("request", title, _told(facts))


def _course(request: ServiceRequest) -> Iterator[Fact]:
    terms, notice = terms_of(request.service_version_id), version_of(request)
    names = {stage.code: stage.name for stage in terms.stages}
    yield _fact("service", _("Service"), terms.name)
    yield _fact("office", _("Office"), formats.name_of(office(request.office_id)))
    yield _fact("state", _("State"), State(request.state).label)
    yield _fact("received", _("Received"), request.received_at)
    yield _fact("due", _("Legal limit"), request.due_at)
    yield _fact("ready", _("Ready since"), request.ready_at)
    yield _fact("closed", _("Ended"), request.closed_at)
    yield _fact("notice", _("Privacy notice"), "" if notice is None else notice.name)
    for visit in request.visits.order_by("sequence"):
        stage = names.get(visit.stage_code, visit.stage_code)
        yield _fact("stage", stage, _span(visit.entered_at, visit.left_at))
    for pause in Pause.objects.filter(request=request).order_by("id"):
        text = f"{pause.get_reason_display()} · {_span(pause.started_at, pause.ended_at)}"
        yield _fact("pause", _("Waited for you"), " · ".join(filter(None, (text, pause.note))))


def _span(start: datetime, end: datetime | None) -> str:
    first = formats.local_datetime(start, "year")
    return first if end is None else f"{first} – {formats.local_datetime(end, 'year')}"


def _people(request: ServiceRequest) -> Iterator[Fact]:
    for acting in Representation.objects.filter(request=request):
        words = (_opened(acting.name_sealed), str(acting.get_authority_kind_display()))
        yield _fact("presented_by", _("Presented by"), " · ".join(words))
        yield _fact("presenter_phone", _("Phone of that person"), _opened(acting.phone_sealed))
    for taken in Collection.objects.filter(request=request):
        words = (_opened(taken.collector_name_sealed), _when(taken.collected_at))
        yield _fact("collected_by", _("Collected by"), " · ".join(words))
    for consent in NoticeConsent.objects.filter(request=request):
        text = f"{consent.text_version} · {_when(consent.given_at)}"
        yield _fact("consent", _("Consent to notices"), text)


def _when(moment: datetime) -> str:
    return formats.local_datetime(moment, "year")


def _papers(request: ServiceRequest) -> Iterator[Fact]:
    names = {paper.id: paper.name for paper in terms_of(request.service_version_id).documents}
    for check in request.papers.order_by("id"):
        said = _("handed in") if check.is_handed_in else _("asked for")
        yield _fact("paper", names.get(check.document_id, _("Paper")), said)
    for scan in documents_of(request):
        words = [names.get(scan.paper_id or 0, ""), _when(scan.attached_at)]
        words.append(str(scan.get_withdrawal_reason_display() if scan.withdrawn_at else ""))
        yield _fact("scan", _("Scan of a paper"), " · ".join(filter(None, words)))


def _money(request: ServiceRequest) -> Iterator[Fact]:
    for receipt in receipts_of(request.pk):
        payment: Payment = receipt.payment
        code = office(receipt.office_id).code
        number = receipt_number(code, receipt.year, receipt.number)
        text = f"{number} · {formats.riel(payment.amount_riel)} · {_when(payment.paid_at)}"
        yield _fact("receipt", _("Receipt"), text)
        for asked in payment.reversal_requests.order_by("id"):
            words = (asked.get_decision_display(), asked.get_reason_display(), asked.note)
            yield _fact("reversal", _("Payment taken back"), " · ".join(map(str, words)))


def _written(request: ServiceRequest) -> Iterator[Fact]:
    for ending in Ending.objects.filter(request=request):
        yield _fact("ending", _("Reason of the end"), ending.note)
    for note in Note.objects.filter(request=request).order_by("id"):
        yield _fact("note", _("Note of the office"), f"{_when(note.written_at)} · {note.text}")
    for opinion in Opinion.objects.filter(request=request).order_by("id"):
        words = filter(None, (opinion.question, opinion.answer))
        yield _fact("opinion", _("Opinion"), " · ".join(words))
    for draft in Draft.objects.filter(request=request).order_by("number"):
        yield _fact("draft", _("Draft"), draft.body)
    for document in OutcomeDocument.objects.filter(request=request):
        body = signed_content(document).km.body if document.content_sealed else ""
        text = f"{document.number:06d}/{document.year} · {_when(document.signed_at)} · {body}"
        yield _fact("document", _("Signed document"), text)


def _rights(request: ServiceRequest) -> Iterator[Fact]:
    for each in corrections_of(request):
        pair = f"{_opened(each.before_sealed) or '—'} → {_opened(each.after_sealed) or '—'}"
        words = (str(each.get_field_display()), pair, each.reason, each.evidence)
        yield _fact("correction", _("Correction"), " · ".join(words))
    for objection in objections_of(request):
        words = (
            str(objection.get_against_display()),
            objection.grounds,
            str(objection.get_decision_display()),
            objection.decision_reason,
        )
        yield _fact("objection", _("Objection"), " · ".join(filter(None, words)))
    for hold in holds_of(request).filter(lifted_at__isnull=True):
        until = "" if hold.until is None else formats.local_day(hold.until, "year")
        yield _fact(
            "hold", _("Held back from disposal"), f"{_when(hold.placed_at)} {until}".strip()
        )


def _readings(requests: list[ServiceRequest]) -> Part:
    codes = {each.pk: format_code(each.tracking_code) for each in requests}
    entries = AccessEntry.objects.filter(request_id__in=list(codes)).order_by("-id")
    return Part(
        "readings",
        _("Who looked at your files"),
        tuple(
            _fact("reading", _when(entry.at), _look(entry, codes[entry.request_id]))
            for entry in entries
        ),
    )


def _look(entry: AccessEntry, code: str) -> str:
    place = "" if entry.office_id is None else formats.name_of(office(entry.office_id))
    role = str(Role(entry.role).label) if entry.role in Role.values else ""
    return " · ".join(filter(None, (code, str(Reading(entry.kind).label), role, place)))


def _periods() -> Part:
    facts = (
        _fact(str(each.rule.kind), str(each.rule.kind.label), _period(each.days, each.rule.since))
        for each in rules_in_force()
        if each.days is not None
    )
    return Part("periods", _("How long it is kept"), tuple(facts))


def _period(days: int | None, since: object) -> str:
    return _("%(days)s days after: %(since)s") % {"days": days, "since": since}
