"""Forecasts of a province, from the ledger to the citizens' page."""

from datetime import timedelta

import pytest
from django.db import connection

from services.forecast import actions, queries
from services.forecast.models import ForecastTable
from services.forecast.reading import past_visits
from services.forecast.visits import Nation
from services.offices.calendars import calendar_of
from services.requests.models import StageVisit
from tenants import clock
from tenants.context import as_portal
from tests import factories
from tests.factories import MONDAY

LATER = MONDAY + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def _forgotten():
    queries.forget_forecasts()
    yield
    queries.forget_forecasts()


def kept(province, rows, *, stage, basis=0, office="0", service):
    """Put a table in place as a night would have."""
    content = {f"{office}:{service}:{stage}": [basis, rows]}
    actions._keep(province, content, clock.now())


def asked(province, request, *, now):
    visit = StageVisit.objects.get(pk=request.current_visit_id)
    place = queries.Place(province.pk, request.office_id, request.service_id, visit.stage_code)
    calendar = calendar_of(request.office_id)
    with as_portal():
        return queries.forecast(
            place, calendar, entered_at=visit.entered_at, due_at=request.due_at, now=now
        )


def test_past_visits_are_working_minutes_until_ready_and_until_the_limit(province):
    request = factories.RequestFactory(ready=True)
    factories.RequestFactory(in_progress=True)
    found = past_visits(MONDAY.date())
    assert {visit.request_id for visit in found} == {request.pk}
    first = next(visit for visit in found if visit.dwell)
    assert (first.dwell, first.remaining) == (30, 30)
    assert first.limit > 30
    assert past_visits(MONDAY.date() - timedelta(days=1)) == []
    assert past_visits(MONDAY.date() + timedelta(days=400)) == []


def test_a_night_writes_a_table_for_every_province_that_the_portal_reads(province):
    made = [factories.RequestFactory(ready=True) for _ in range(3)]
    past = [
        visit._replace(request_id=visit.request_id + 100 * copy)
        for visit in past_visits(MONDAY.date())
        for copy in range(10)
    ]
    content = actions.content_of(past, Nation())
    assert any(key.startswith(f"{made[0].office_id}:") for key in content)
    assert any(key.startswith("0:") for key in content)
    assert actions.is_due(LATER)
    assert actions.refresh_forecasts(LATER) >= 3
    with as_portal():
        assert not actions.is_due(LATER + timedelta(hours=11))
        assert actions.is_due(LATER + timedelta(hours=12))
    with as_portal():
        assert ForecastTable.objects.filter(province_id=province.pk).exists()


def test_a_forecast_counts_working_days_from_entering_the_stage(province):
    request = factories.RequestFactory(in_progress=True)
    visit = StageVisit.objects.get(pk=request.current_visit_id)
    rows = [[0, 60, 500, 900], [480, 700, 1_000, 1_500]]
    kept(province, rows, stage=visit.stage_code, service=request.service_id)
    found = asked(province, request, now=LATER)
    assert found.likely_from == MONDAY.date()
    assert MONDAY.date() < found.likely_by < found.sure_by
    later = asked(province, request, now=LATER + timedelta(days=1, hours=2))
    assert later.likely_by > found.likely_by
    assert later.likely_from >= LATER.date()


def test_a_forecast_may_count_back_from_the_legal_limit(province):
    request = factories.RequestFactory(in_progress=True)
    visit = StageVisit.objects.get(pk=request.current_visit_id)
    kept(
        province,
        [[0, -2_000, -1, 0]],
        stage=visit.stage_code,
        basis=1,
        service=request.service_id,
        office=str(request.office_id),
    )
    found = asked(province, request, now=LATER)
    assert found.likely_by == found.sure_by == clock.local_day(request.due_at)


def test_nothing_is_told_when_too_little_is_known_when_late_or_when_it_takes_longer(province):
    request = factories.RequestFactory(in_progress=True)
    visit = StageVisit.objects.get(pk=request.current_visit_id)
    assert asked(province, request, now=LATER) is None
    queries.forget_forecasts()
    kept(province, [[0, 10, 100, 200]], stage=visit.stage_code, service=request.service_id)
    assert asked(province, request, now=LATER) is not None
    assert asked(province, request, now=LATER + timedelta(hours=7)) is None
    assert asked(province, request, now=request.due_at + timedelta(minutes=1)) is None


def test_a_page_asks_the_database_for_a_forecast_once_and_then_no_more(
    province, django_assert_num_queries
):
    request = factories.RequestFactory(in_progress=True)
    visit = StageVisit.objects.get(pk=request.current_visit_id)
    kept(province, [[0, 10, 100, 200]], stage=visit.stage_code, service=request.service_id)
    place = queries.Place(province.pk, request.office_id, request.service_id, visit.stage_code)
    calendar = calendar_of(request.office_id)
    moments = {"entered_at": visit.entered_at, "due_at": request.due_at, "now": LATER}
    with as_portal():
        queries.forecast(place, calendar, **moments)
        connection.ensure_connection()
        with django_assert_num_queries(0):
            assert queries.forecast(place, calendar, **moments) is not None
