"""An office's own hours and closed days reach the deadlines, for citizens too."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import translation

from owso.accounts.permissions import Role
from owso.errors import Conflict, Invalid, NotAllowed
from services.calendars.deadlines import add_working_days, deadline
from services.calendars.models import OfficeHours
from services.catalogue.queries import terms
from services.offices import actions
from services.offices.actors import system_actor
from services.offices.calendars import calendar_of, calendar_seen
from services.offices.models import CalendarMark, Closure, Office
from services.requests.actions import pause_request, resume_request
from services.requests.models import RequestEvent, ServiceRequest, StageVisit
from services.requests.queries import explain_deadline
from services.requests.states import CLOCK_STOPPED
from tenants import clock
from tenants.context import as_portal
from tests.factories import MONDAY, IntakeFactory, RequestFactory, district_office, staff, unit

SYSTEM = system_actor("tests")
NEXT_DAY = MONDAY.date() + timedelta(days=1)
NOON = MONDAY + timedelta(hours=3)
FLOOD = {"reason_km": "ទឹកជំនន់", "reason_en": "Flood"}


def close(*days, office_id=None, by=SYSTEM, now=NOON):
    return actions.close_offices(
        [office_id or district_office()], days or [NEXT_DAY], **FLOOD, by=by, now=now
    )


def stored(request):
    return ServiceRequest.objects.select_related("current_visit").get(pk=request.pk)


def days(request):
    found = stored(request)
    visit = StageVisit.objects.get(pk=found.current_visit_id)
    return found.due_at, found.promised_at, visit.due_at


def test_a_closed_day_moves_what_is_open_by_one_working_day(province):
    request = RequestFactory()
    before = stored(request)

    assert close() == 1

    after = stored(request)
    calendar = calendar_of(request.office_id)
    assert after.due_at == add_working_days(before.due_at, 1, calendar)
    assert after.due_on == clock.local_day(after.due_at)
    assert after.promised_at > before.promised_at
    assert after.version == before.version + 1


def test_the_moved_day_goes_to_the_figures_as_one_event(province):
    request = RequestFactory()
    before = request.due_on

    close()

    events = RequestEvent.objects.filter(request=request, kind="resumed")
    assert [(each.due_on_before, each.due_on_after) for each in events] == [
        (before, stored(request).due_on)
    ]


def test_the_stored_limit_is_the_one_that_is_explained(province):
    request = RequestFactory()
    close()

    with translation.override("en"):
        explained = explain_deadline(stored(request), now=NOON)

    closed = next(day for day in explained.days if day.day == NEXT_DAY)
    assert explained.due_at == stored(request).due_at
    assert (closed.reason, closed.holiday_name, closed.counts) == ("closure", "Flood", False)


def test_the_reason_is_told_in_the_readers_language(province):
    close()
    office_id = district_office()
    for language, reason in (("km", "ទឹកជំនន់"), ("en", "Flood")):
        with translation.override(language):
            assert calendar_of(office_id).closures == {NEXT_DAY: reason}


def test_citizens_pages_read_the_closed_days_of_an_office_under_their_own_role(province):
    close()
    office = Office.objects.get(pk=district_office())
    with as_portal():
        seen = calendar_seen(province.schema_name, office.pk, office.office_hours_id)
    assert not seen.is_working_day(NEXT_DAY)


def test_another_office_goes_on_as_it_was(province):
    here, there = (
        RequestFactory(),
        RequestFactory(intake=IntakeFactory(office_id=district_office(1))),
    )
    before = days(there)

    close()

    assert days(there) == before
    assert calendar_of(here.office_id).closures
    assert not calendar_of(there.office_id).closures


def test_a_request_of_later_is_reckoned_with_the_closed_day(province):
    close()
    later = RequestFactory(started=NOON)
    calendar = calendar_of(later.office_id)
    assert not calendar.is_working_day(NEXT_DAY)
    assert stored(later).due_at == add_working_days(NOON, terms_days(later), calendar)


def test_taking_the_day_back_restores_the_days(province):
    request = RequestFactory()
    before = days(request)
    close()

    assert actions.reopen_day(district_office(), NEXT_DAY, by=SYSTEM, now=NOON) == 1

    assert days(request) == before
    assert calendar_of(district_office()).closures == {}


def test_a_day_that_is_past_stays_closed(province):
    close()
    with pytest.raises(Conflict, match="day_is_past"):
        actions.reopen_day(district_office(), NEXT_DAY, by=SYSTEM, now=NOON + timedelta(days=3))
    assert Closure.objects.count() == 1


def test_finished_requests_and_those_without_papers_stay_as_they_are(province):
    kept = [RequestFactory(reach=state) for state in ("incomplete", "ready", "delivered")]
    before = [stored(each).due_at for each in kept]
    assert close() == 0
    assert [stored(each).due_at for each in kept] == before
    assert not RequestEvent.objects.filter(kind="resumed").exists()


def test_a_closure_within_a_pause_does_not_count_twice(province):
    """The clock stood still on that day anyway: resuming gives the same day either way."""
    paused_at, resumed_at = MONDAY + timedelta(hours=1), MONDAY + timedelta(days=3)
    request = RequestFactory()
    pause_request(request.pk, by=SYSTEM, reason="papers_missing", now=paused_at)
    close()
    assert not RequestEvent.objects.filter(request=request, kind="resumed").exists()

    after = resume_request(request.pk, by=SYSTEM, now=resumed_at)

    calendar = calendar_of(request.office_id)
    explained = deadline(
        MONDAY, terms_days(request), calendar, [(paused_at, resumed_at)], now=resumed_at
    )
    assert after.due_at == explained.due_at
    event = RequestEvent.objects.get(request=request, kind="resumed")
    assert (event.due_on_before, event.due_on_after) == (CLOCK_STOPPED, after.due_on)


def test_a_closure_recorded_after_the_pause_it_fell_into_shortens_the_pause(province):
    paused_at, resumed_at = MONDAY + timedelta(hours=1), MONDAY + timedelta(days=3)
    request = RequestFactory()
    pause_request(request.pk, by=SYSTEM, reason="papers_missing", now=paused_at)
    before = resume_request(request.pk, by=SYSTEM, now=resumed_at)

    close(now=resumed_at + timedelta(hours=1))

    after = stored(request)
    assert after.paused_minutes < before.paused_minutes
    assert after.due_on == before.due_on


def terms_days(request):
    return terms(request.service_version_id).limit_days


def test_a_limit_of_an_older_register_moves_by_whole_days(province):
    request = RequestFactory()
    odd = request.due_at.replace(hour=9, minute=17)
    ServiceRequest.objects.filter(pk=request.pk).update(due_at=odd, promised_at=odd)

    close()

    after = stored(request).due_at
    assert after.minute == 17
    expected = add_working_days(odd, 1, calendar_of(request.office_id))
    assert clock.local_day(after) == clock.local_day(expected)


def test_recording_a_day_twice_changes_nothing(province):
    request = RequestFactory()
    close()
    before = days(request)
    with pytest.raises(Conflict, match="closed_anyway"):
        close()
    assert days(request) == before


def test_weekends_are_closed_anyway(province):
    with pytest.raises(Conflict, match="closed_anyway"):
        close(date(2025, 6, 28), date(2025, 6, 29))


def test_days_far_away_and_missing_reasons_are_refused(province):
    with pytest.raises(Invalid, match="day_invalid"):
        close(NEXT_DAY + timedelta(days=400))
    with pytest.raises(Invalid, match="day_invalid"):
        close(NEXT_DAY - timedelta(days=30))
    with pytest.raises(Invalid) as refused:
        actions.close_offices([district_office()], [NEXT_DAY], reason_km=" ", by=SYSTEM, now=NOON)
    assert "reason_km" in refused.value.fields
    assert Closure.objects.count() == 0


def test_a_chief_closes_the_own_office_and_no_other(province):
    chief = staff(Role.CHIEF)
    close(by=chief)
    with pytest.raises(NotAllowed):
        close(office_id=unit(), by=chief)
    with pytest.raises(NotAllowed):
        close(NEXT_DAY + timedelta(days=1), by=staff(Role.CASHIER))


def test_own_hours_replace_the_chosen_ones_until_others_are_chosen(province):
    office_id = district_office()
    mornings = {weekday: ((time(7), time(11)),) for weekday in range(6)}
    request = RequestFactory()

    actions.keep_own_hours(office_id, mornings, by=SYSTEM, now=NOON)
    saturday = date(2025, 6, 28)
    assert calendar_of(office_id).closes(saturday) == datetime.combine(
        saturday, time(11), clock.LOCAL
    )
    assert stored(request).due_at.astimezone(clock.LOCAL).time() == time(11)

    other = OfficeHours.objects.order_by("-id").first()
    actions.choose_hours(office_id, other.pk, by=SYSTEM, now=NOON)
    assert not calendar_of(office_id).is_working_day(saturday)
    assert Office.objects.get(pk=office_id).office_hours_id == other.pk


@pytest.mark.parametrize(
    "periods",
    [
        {},
        {0: ((time(9), time(8)),)},
        {0: ((time(8), time(10)), (time(9), time(11)))},
    ],
)
def test_hours_that_never_open_or_overlap_are_refused(province, periods):
    with pytest.raises(Invalid, match="hours_invalid"):
        actions.keep_own_hours(district_office(), periods, by=SYSTEM)


def test_hours_are_the_administrators_affair(province):
    with pytest.raises(NotAllowed):
        actions.choose_hours(
            district_office(), OfficeHours.objects.first().pk, by=staff(Role.CHIEF)
        )


def test_the_calendar_is_noted_before_its_first_change(province):
    close()
    mark = CalendarMark.objects.get(pk=district_office())
    assert NEXT_DAY.isoformat() in mark.content["closed"]
    assert NEXT_DAY.isoformat() not in mark.before[0]["closed"]
