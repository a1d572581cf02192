"""The tracking page's one query: all of a request, nothing personal."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from services.cashier.actions import approve_reversal, request_reversal
from services.cashier.models import Payment
from services.catalogue.queries import terms as terms_of
from services.offices.actors import system_actor
from services.requests.actions import pause_request
from services.requests.codes import new_code
from services.requests.models import Applicant
from services.requests.queries import tracking
from services.requests.states import State
from tenants.context import in_province, portal_of
from tests.factories import MONDAY, IntakeFactory, RequestFactory, staff

SYSTEM = system_actor("tests")
LATER = MONDAY + timedelta(hours=1)


def test_a_paid_request_shows_its_milestones(province):
    request = RequestFactory()

    view = tracking(request.tracking_code)

    assert (view.state, view.version) == (State.REGISTERED, 1)
    assert view.service_version_id == request.service_version_id
    assert (view.registered_at, view.paid_at) == (MONDAY, MONDAY)
    assert (view.due_at, view.promised_at) == (request.due_at, request.promised_at)
    assert (view.fee_riel, view.paid_riel) == (5_000, 5_000)
    assert [receipt.number for receipt in view.receipts] == ["0102-2025-000001"]
    assert (view.office_code, view.office_name_en) == ("0102", "OWSO Srok Mongkol Borey")


def test_each_stage_shows_planned_and_actual_times(province):
    request = RequestFactory(in_progress=True)
    stages = terms_of(request.service_version_id).stages

    view = tracking(request.tracking_code)

    first, second = view.visits
    assert (first.stage_code, first.planned_minutes) == (stages[0].code, stages[0].limit_minutes)
    assert (first.entered_at, first.left_at) == (MONDAY, MONDAY + timedelta(minutes=30))
    assert view.current_visit == second


def test_a_waiting_request_says_why_since_when_and_for_which_papers(province):
    request = RequestFactory()
    document = terms_of(request.service_version_id).documents[0]
    pause_request(
        request.pk,
        by=SYSTEM,
        reason="papers_missing",
        note="ទូរស័ព្ទ 012345678",
        papers=frozenset({document.id}),
        now=LATER,
    )

    view = tracking(request.tracking_code)

    assert (view.open_pause.reason, view.open_pause.started_at) == ("papers_missing", LATER)
    assert [paper.name_km for paper in view.missing_papers] == [document.name_km]


def test_an_incomplete_request_shows_the_papers_that_are_missing(province):
    view = tracking(RequestFactory(incomplete=True).tracking_code)

    assert (view.state, view.visits, view.fee_riel) == (State.INCOMPLETE, (), None)
    assert len(view.missing_papers) > 0


def test_a_reversed_payment_is_not_counted_as_paid(province):
    request = RequestFactory()
    payment = Payment.objects.get(request=request)
    asked = request_reversal(payment.pk, by=SYSTEM, reason="duplicate", now=LATER)
    approve_reversal(asked.pk, by=staff("chief"), now=LATER)

    view = tracking(request.tracking_code)

    assert (view.paid_riel, view.paid_at) == (0, None)
    assert [receipt.is_reversed for receipt in view.receipts] == [True]


@pytest.mark.parametrize("state", ["ready", "delivered", "rejected", "withdrawn"])
def test_every_end_is_shown(province, state):
    assert tracking(RequestFactory(**{state: True}).tracking_code).state == state


def test_an_unknown_code_has_no_view(province):
    RequestFactory()

    assert tracking(new_code("01")) is None


def test_a_code_of_the_neighbour_has_no_view_here(province, neighbour):
    with in_province(neighbour):
        code = RequestFactory().tracking_code

    assert tracking(code) is None


def plans_used() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(generic_plans), 0), coalesce(sum(custom_plans), 0)"
            " FROM pg_prepared_statements"
            ' WHERE statement LIKE \'%%"p01"."tracking_request"%%\''
        )
        generic, custom = cursor.fetchone()
    assert custom == 0
    return int(generic)


def test_the_page_costs_one_statement_prepared_once(province):
    code = RequestFactory(in_progress=True).tracking_code
    before = plans_used()

    with CaptureQueriesContext(connection) as queries:
        tracking(code)
        tracking(code)

    assert len(queries) == 2
    assert plans_used() == before + 2


def test_the_portal_sees_the_view_and_no_table(province):
    code = RequestFactory().tracking_code

    with portal_of(province):
        assert tracking(code).state == State.REGISTERED
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Applicant.objects.count()


def test_no_column_of_the_views_comes_from_personal_data(province):
    request = RequestFactory(intake=IntakeFactory(), delivered=True)
    personal = (request.applicant.full_name, "12345678", "1000000")
    with connection.cursor() as cursor:
        for view in ("tracking_request", "national_request"):
            cursor.execute(f"SELECT row_to_json(v)::text FROM {view} v")
            shown = cursor.fetchone()[0]
            assert not [each for each in personal if each in shown]
