"""Registering a request at the counter, complete or with papers still missing."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.errors import Conflict, Invalid, NotFound
from services.catalogue.queries import published_version
from services.catalogue.terms import VersionTerms
from services.offices import queries as offices
from services.offices.actors import Actor
from services.requests import notices
from services.requests.codes import new_code
from services.requests.events import event, open_day
from services.requests.intake import Intake, cleaned, content_hash
from services.requests.locking import bump, lock_for
from services.requests.models import (
    Applicant,
    EventKind,
    PaperCheck,
    RequestEvent,
    ServiceRequest,
    StageVisit,
)
from services.requests.people import applicant_row, representation_row
from services.requests.planning import new_visit, start_clock
from services.requests.states import State
from services.requests.texts import Fields, checked_now
from services.requests.trail import trace
from services.requests.writing import drawn_id, next_ids, one_statement, write_together
from tenants import clock
from tenants.context import current_province

QUANTITY_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class Registration:
    """A request about to be written, with its rows in order; their ids are drawn as they go in."""

    request: ServiceRequest
    rows: tuple[models.Model, ...]
    now: datetime


def register_request(intake: Intake, *, by: Actor, now: datetime | None = None) -> ServiceRequest:
    """Register a request and start its first stage and its legal clock.

    With `is_complete` False it only gets a tracking code and waits for its papers. The same
    idempotency key gives the request of the first time; with another content it raises
    Conflict (`idempotency_mismatch`). Raises Invalid and NotAllowed.
    """
    try:
        with one_statement():
            registration = prepare_registration(intake, by=by, now=now)
            request = registration.request
            write_together(*registration.rows, trace(by, "register", request))
            notices.announce()
            return request
    except REFUSALS as refusal:
        return made_before(intake, refusal)


REFUSALS = (IntegrityError, Conflict, Invalid)
"""What a repetition may meet: its rows are there, its draft paid, its service since changed."""


def prepare_registration(intake: Intake, *, by: Actor, now: datetime | None = None) -> Registration:
    """Check an intake and build its rows without writing them."""
    moment = checked_now(now)
    intake = cleaned(intake)
    _check_offer(intake, by=by, now=moment)
    request = _new_request(intake, now=moment)
    return Registration(request, tuple(_rows_around(intake, request, now=moment)), moment)


def made_before(intake: Intake, refusal: Exception) -> ServiceRequest:
    """Return the request that the same key made before, which is why this one was refused.

    Raises Conflict when it was made with other content. Without one the refusal stands: a rule's
    own is raised again, one by the tables is Conflict (`registered_before`).
    """
    request = ServiceRequest.objects.filter(idempotency_key=intake.idempotency_key).first()
    if request is not None:
        return _same_again(cleaned(intake), request)
    if not isinstance(refusal, IntegrityError):
        raise refusal
    raise Conflict(
        "registered_before",
        _("This entry of the register was taken over before; it was not taken over again."),
        source=intake.source,
        source_ref=intake.source_ref,
    ) from refusal


def complete_papers(
    request_id: int,
    *,
    by: Actor,
    papers: frozenset[int] | None = None,
    now: datetime | None = None,
) -> ServiceRequest:
    """Accept the missing papers: the request is registered and its clock starts now."""
    moment = checked_now(now)
    with transaction.atomic():
        request, terms = lock_for("complete", request_id, by=by)
        check_order(request.received_at, moment)
        (visit_id,) = next_ids(StageVisit)
        visit = _start(request, terms, visit_id=visit_id, now=moment)
        bump(request)
        write_together(
            visit,
            event(
                request,
                EventKind.REGISTERED,
                now=moment,
                office_id=request.office_id,
                stage_entered=visit.stage_code,
                due_on_after=open_day(request),
            ),
            trace(by, "complete_papers", request, before=State.INCOMPLETE),
            updates=[(request, (*_STARTED, "version"))],
        )
        hand_in(request, papers)
        notices.announce()
    return request


_STARTED = ("state", "registered_at", "due_at", "due_on", "promised_at", "current_visit")


def hand_in(request: ServiceRequest, papers: frozenset[int] | None) -> None:
    """Tick papers as handed in; None ticks all that were asked for."""
    asked = PaperCheck.objects.filter(request=request, is_handed_in=False)
    if papers is not None:
        asked = asked.filter(document_id__in=papers)
    asked.update(is_handed_in=True)


def check_order(before: datetime, now: datetime) -> None:
    """Raise Invalid when a step would happen before the one that led to it."""
    if now < before:
        fields = Fields()
        fields.take("now", _("This time is before the step that came before it."))
        fields.refuse()


def first_event(
    request: ServiceRequest, visit: StageVisit | None, *, now: datetime
) -> RequestEvent:
    """Return the event a request begins with: received only while its papers are missing."""
    kind = EventKind.RECEIVED if request.registered_at is None else EventKind.REGISTERED
    return event(
        request,
        kind,
        now=now,
        office_id=request.office_id,
        stage_entered="" if visit is None else visit.stage_code,
        due_on_after=open_day(request),
    )


def _check_offer(intake: Intake, *, by: Actor, now: datetime) -> None:
    office = offices.office(intake.office_id)
    by.require(Verb.REGISTER, office_id=office.id, sector_id=intake.terms.sector_id)
    if not office.is_active:
        raise Invalid("office_closed", _("This office does not receive requests any more."))
    if not 1 <= intake.quantity <= QUANTITY_MAX:
        message = _("Enter a quantity between 1 and 1,000,000.")
        raise Invalid("quantity_invalid", message, fields={"quantity": message})
    offered = published_version(intake.terms.service_code, on=clock.local_day(now))
    if offered.id != intake.terms.id:
        raise Invalid(
            "version_retired",
            _("The terms of this service have changed. Choose the service again."),
        )


def _same_again(intake: Intake, request: ServiceRequest) -> ServiceRequest:
    if bytes(request.content_hash) != content_hash(intake):
        raise Conflict(
            "idempotency_mismatch",
            _("This form was sent before with other content. Start a new form."),
        )
    return request


def _new_request(intake: Intake, *, now: datetime) -> ServiceRequest:
    received_at = intake.received_at or now
    check_order(received_at, now)
    return ServiceRequest(
        id=drawn_id(ServiceRequest),
        tracking_code=new_code(current_province().code),
        idempotency_key=intake.idempotency_key,
        content_hash=content_hash(intake),
        applicant_id=intake.applicant_id or drawn_id(Applicant),
        service_version_id=intake.terms.id,
        service_id=intake.terms.service_id,
        office_id=intake.office_id,
        received_office_id=intake.office_id,
        state=State.INCOMPLETE,
        quantity=intake.quantity,
        fee_values=dict(intake.fee_values),
        received_at=received_at,
        source=intake.source,
        source_ref=intake.source_ref,
    )


def _rows_around(intake: Intake, request: ServiceRequest, *, now: datetime) -> list[models.Model]:
    rows: list[models.Model] = []
    if intake.applicant is not None:
        assert request.applicant_id is not None  # it was given one just now
        rows.append(applicant_row(intake.applicant, id=request.applicant_id))
    elif intake.applicant_id and not Applicant.objects.filter(pk=intake.applicant_id).exists():
        raise NotFound
    visit = None
    if intake.is_complete:
        visit = _start(request, intake.terms, visit_id=drawn_id(StageVisit), now=now)
    rows.append(request)
    if visit is not None:
        rows.append(visit)
    if intake.representation is not None:
        rows.append(representation_row(intake.representation, request_id=request.pk))
    rows.extend(_paper_rows(intake, request))
    rows.append(first_event(request, visit, now=now))
    return rows


def _paper_rows(intake: Intake, request: ServiceRequest) -> list[PaperCheck]:
    if intake.papers is None and intake.is_complete:
        return []
    handed_in = intake.papers or frozenset()
    return [
        PaperCheck(
            request_id=request.pk,
            document_id=document.id,
            is_handed_in=document.id in handed_in,
        )
        for document in intake.terms.documents
        if document.is_mandatory or document.id in handed_in
    ]


def _start(
    request: ServiceRequest, terms: VersionTerms, *, visit_id: int, now: datetime
) -> StageVisit:
    start_clock(request, terms, now=now)
    visit = new_visit(request, terms.stages[0], id=visit_id, sequence=1, now=now)
    request.state = State.REGISTERED
    request.current_visit = visit
    return visit
