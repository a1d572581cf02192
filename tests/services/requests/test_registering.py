"""Registering a request: what is written, what is refused, what is repeated."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from owso.audit.models import AuditEntry
from owso.errors import Conflict, Invalid, NotAllowed, NotFound
from services.calendars.deadlines import add_working_days, add_working_minutes
from services.offices.actors import system_actor
from services.offices.models import Office
from services.offices.queries import forget_offices
from services.requests.actions import complete_papers, register_request
from services.requests.codes import parse_code
from services.requests.intake import RepresentationDetails
from services.requests.models import Applicant, PaperCheck, RequestEvent, ServiceRequest
from services.requests.planning import office_calendar
from services.requests.states import State
from tenants import clock, sealing
from tests.factories import MONDAY, ApplicantDetailsFactory, IntakeFactory, staff

SYSTEM = system_actor("tests")


def register(now=MONDAY, by=SYSTEM, **intake):
    return register_request(IntakeFactory(**intake), by=by, now=now)


def test_a_registered_request_has_a_code_of_its_province_and_its_first_stage(province):
    request = ServiceRequest.objects.get(pk=register().pk)

    assert request.state == State.REGISTERED
    assert parse_code(request.tracking_code) == request.tracking_code
    assert request.tracking_code.startswith(province.code)
    visit = request.current_visit
    assert (visit.sequence, visit.entered_at, visit.left_at) == (1, MONDAY, None)


def test_the_deadlines_come_from_the_limit_and_from_the_stages(province):
    intake = IntakeFactory()
    request = register_request(intake, by=SYSTEM, now=MONDAY)
    calendar = office_calendar(intake.office_id)
    planned = sum(stage.limit_minutes for stage in intake.terms.stages)

    assert request.due_at == add_working_days(MONDAY, intake.terms.limit_days, calendar)
    assert request.due_on == clock.local_day(request.due_at)
    assert request.promised_at == min(
        request.due_at, add_working_minutes(MONDAY, planned, calendar)
    )


def test_one_event_and_one_audit_entry_are_written(province):
    request = register()

    event = RequestEvent.objects.get(request=request)
    assert (event.kind, event.due_on_before, event.due_on_after) == (
        "registered",
        None,
        request.due_on,
    )
    assert (event.occurred_on, event.amount_riel, event.is_imported) == (MONDAY.date(), 0, False)
    assert event.stage_entered == request.current_visit.stage_code
    assert event.xact_id > 0
    entry = AuditEntry.objects.get(object_id=str(request.pk), object_type="servicerequest")
    assert (entry.verb, entry.changes["state"]) == ("register", [None, "registered"])


def test_number_and_phone_are_sealed_and_found_by_hash(province):
    details = ApplicantDetailsFactory(id_number="០១០ ២៣៤ ៥៦៧", phone="០១២ ៣៤៥ ៦៧៨")
    applicant = register(applicant=details).applicant

    stored = Applicant.objects.get(pk=applicant.pk)
    assert sealing.unseal(stored.id_sealed) == "010234567"
    assert sealing.unseal(stored.phone_sealed) == "+85512345678"
    assert Applicant.objects.filter(phone_hash=sealing.keyed_hash("+85512345678")).exists()
    assert b"12345678" not in bytes(stored.phone_sealed)


def test_a_known_applicant_can_be_named_by_id(province):
    first = register()

    second = register(applicant=None, applicant_id=first.applicant_id)

    assert second.applicant_id == first.applicant_id
    assert Applicant.objects.count() == 1


def test_an_unknown_applicant_id_is_not_found(province):
    with pytest.raises(NotFound):
        register(applicant=None, applicant_id=10**12)


def test_a_representative_is_recorded_sealed(province):
    details = RepresentationDetails(
        name="ចាន់ ធី", authority_kind="letter", phone="098 765 432", receives_notices=True
    )
    request = register(representation=details)

    assert sealing.unseal(request.representation.name_sealed) == "ចាន់ ធី"
    assert request.representation.receives_notices


def test_the_same_key_gives_the_same_request(province):
    intake = IntakeFactory()

    first = register_request(intake, by=SYSTEM, now=MONDAY)
    second = register_request(intake, by=SYSTEM, now=MONDAY)

    assert first.pk == second.pk
    assert ServiceRequest.objects.count() == RequestEvent.objects.count() == 1


def test_the_same_key_with_another_content_is_a_conflict(province):
    key = uuid4()
    register(idempotency_key=key)

    with pytest.raises(Conflict) as refused:
        register(idempotency_key=key, quantity=2)

    assert refused.value.code == "idempotency_mismatch"


def test_an_entry_of_an_older_register_is_taken_over_once(province):
    first = register(source="municipal", source_ref="case-10011")

    with pytest.raises(Conflict) as refused:
        register(source="municipal", source_ref="case-10011")

    assert refused.value.code == "registered_before"
    assert ServiceRequest.objects.get().pk == first.pk
    assert RequestEvent.objects.get().is_imported


def test_with_papers_missing_there_is_a_code_but_no_clock(province):
    intake = IntakeFactory(is_complete=False)
    request = register_request(intake, by=SYSTEM, now=MONDAY)

    assert request.state == State.INCOMPLETE
    assert (request.registered_at, request.due_at, request.current_visit_id) == (None, None, None)
    event = RequestEvent.objects.get()
    assert (event.kind, event.due_on_after) == ("received", None)
    asked = PaperCheck.objects.filter(request=request, is_handed_in=False).count()
    assert asked == sum(document.is_mandatory for document in intake.terms.documents)


def test_the_clock_starts_when_the_papers_are_complete(province):
    request = register(is_complete=False)
    tuesday = MONDAY + timedelta(days=1)

    done = complete_papers(request.pk, by=SYSTEM, now=tuesday)

    stored = ServiceRequest.objects.get(pk=request.pk)
    assert (done.state, stored.state) == (State.REGISTERED, State.REGISTERED)
    assert (stored.received_at, stored.registered_at) == (MONDAY, tuesday)
    assert stored.version == 2
    assert not PaperCheck.objects.filter(request=request, is_handed_in=False).exists()
    kinds = RequestEvent.objects.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["received", "registered"]


def test_complete_with_a_mandatory_paper_missing_is_refused(province):
    with pytest.raises(Invalid) as refused:
        register(papers=frozenset())

    assert "papers" in refused.value.fields


def test_a_paper_of_another_service_is_refused(province):
    with pytest.raises(Invalid) as refused:
        register(papers=frozenset({10**9}), is_complete=False)

    assert "papers" in refused.value.fields


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"full_name": ""}, "full_name"),
        ({"full_name": "x" * 10_000_000}, "full_name"),
        ({"full_name": "a\x00b"}, "full_name"),
        ({"id_number": "12"}, "id_number"),
        ({"id_kind": "library_card"}, "id_kind"),
        ({"id_kind": "", "id_number": "123"}, "id_kind"),
        ({"phone": "12"}, "phone"),
        ({"sex": "x"}, "sex"),
        ({"language": "xx"}, "language"),
    ],
)
def test_a_wrong_field_of_the_applicant_is_named_and_nothing_is_written(province, details, field):
    with pytest.raises(Invalid) as refused:
        register(applicant=ApplicantDetailsFactory(**details))

    assert field in refused.value.fields
    assert not Applicant.objects.exists()


def test_all_wrong_fields_are_named_at_once(province):
    with pytest.raises(Invalid) as refused:
        register(applicant=ApplicantDetailsFactory(full_name="", phone="12", sex="x"))

    assert {"full_name", "phone", "sex"} <= set(refused.value.fields)


@pytest.mark.parametrize("quantity", [0, -1, 10**9])
def test_an_absurd_quantity_is_refused(province, quantity):
    with pytest.raises(Invalid) as refused:
        register(quantity=quantity)

    assert "quantity" in refused.value.fields


@pytest.mark.parametrize(
    "received_at", [datetime(1999, 12, 31, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)]
)
def test_a_date_of_receipt_in_the_future_or_long_past_is_refused(province, received_at):
    with pytest.raises(Invalid) as refused:
        register(received_at=received_at)

    assert "received_at" in refused.value.fields


def test_terms_that_are_not_in_force_on_the_day_are_refused(province):
    from dataclasses import replace

    intake = IntakeFactory()
    retired = replace(intake.terms, id=intake.terms.id + 10**6)

    with pytest.raises(Invalid) as refused:
        register(terms=retired)

    assert refused.value.code == "version_retired"


def test_a_closed_office_receives_nothing(province):
    intake = IntakeFactory()
    Office.objects.filter(pk=intake.office_id).update(is_active=False)
    forget_offices()

    with pytest.raises(Invalid) as refused:
        register_request(intake, by=SYSTEM, now=MONDAY)

    assert refused.value.code == "office_closed"
    forget_offices()


def test_only_who_may_register_registers(province):
    officer, cashier = staff("information_officer"), staff("cashier")

    assert register(by=officer).pk
    with pytest.raises(NotAllowed):
        register(by=cashier)


def test_nobody_registers_at_another_office(province):
    from tests.factories import district_office

    officer = staff("information_officer", office_id=district_office(1))

    with pytest.raises(NotAllowed):
        register(by=officer)


def test_registering_takes_one_round_trip_besides_the_transaction(province):
    register()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        register()

    statements = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(statements) == 1, statements
