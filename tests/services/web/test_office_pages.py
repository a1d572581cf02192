"""The pages of chiefs and administrators: what they show, refuse and change."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from owso.accounts.permissions import Role
from services.catalogue.queries import terms
from services.escalation.actions import escalate
from services.escalation.models import EscalationRule, Notice
from services.offices.actions import close_offices, reopen_day
from services.offices.actors import system_actor
from services.offices.calendars import calendar_of
from services.offices.models import Closure, Counter, Office, OwnPeriod, WithheldService
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from tenants import clock
from tests.factories import SERVICE, RequestFactory, district_office, staff, unit
from tests.services.web.conftest import text_of

SYSTEM = system_actor("tests")
HERE = "/manage/offices/0102"


def next_working_day(office_id=None):
    calendar = calendar_of(office_id or district_office())
    return next(calendar.working_days_from(clock.today() + timedelta(days=1)))


def closing(**changes):
    day = next_working_day().isoformat()
    return {"first_day": day, "reason_km": "ទឹកជំនន់", "reason_en": "Flood", **changes}


def test_the_morning_shows_figures_with_links_to_their_lists(chief):
    request = RequestFactory(overdue=True)
    page = text_of(chief.get("/morning"))
    assert 'href="/morning/late"' in page
    assert "Signs worth a look" in page
    rows = text_of(chief.get("/morning/late"))
    assert format_code(request.tracking_code) in rows
    assert "Files in work whose legal limit has passed" in rows


def test_the_morning_of_an_administrator_is_narrowed_to_an_office(administrator):
    RequestFactory(overdue=True)
    page = text_of(administrator.get("/morning", {"office": str(unit())}))
    assert f'href="/morning/late?office={unit()}"' in page
    assert 'aria-label="Past the legal limit: 0"' in page


@pytest.mark.parametrize("asked", ["x", "", "9" * 30, "-1", "1\x00"])
def test_nonsense_in_the_address_is_no_number(chief, asked):
    assert chief.get("/morning", {"office": asked}).status_code == 200
    assert chief.get("/morning/late", {"after": asked, "stage": asked}).status_code == 200


def test_somebody_elses_office_and_no_office_are_the_same_nothing(chief):
    assert chief.get("/morning", {"office": str(unit())}).status_code == 404
    assert chief.get("/manage/offices/0100").status_code == 404
    assert chief.get("/manage/offices/9999").status_code == 404
    assert chief.get("/morning/nothing").status_code == 404
    assert chief.post("/manage/offices/0100/closed", closing()).status_code == 404


def test_the_number_of_queries_of_the_morning_is_constant(chief):
    RequestFactory(overdue=True)
    chief.get("/morning")
    with CaptureQueriesContext(connection) as few:
        chief.get("/morning")
    for _ in range(5):
        RequestFactory(overdue=True)
    with CaptureQueriesContext(connection) as many:
        chief.get("/morning")
    assert len(few) == len(many)


def test_a_chief_of_one_office_goes_straight_to_it(chief):
    assert chief.get("/manage")["Location"] == HERE
    page = text_of(chief.get(HERE))
    assert "Closed days" in page
    assert "What people read" not in page


def test_an_administrator_sees_every_office(administrator):
    page = text_of(administrator.get("/manage"))
    assert HERE in page
    assert "What people read" in text_of(administrator.get(HERE))


def test_an_office_is_renamed(administrator):
    names = {"name_km": "ការិយាល័យថ្មី", "name_en": "New", "is_active": "on"}
    response = administrator.post(f"{HERE}/details", names)
    assert response["Location"] == HERE
    page = text_of(administrator.get(HERE))
    assert "The office was changed." in page
    assert Office.objects.get(code="0102").name_en == "New"


def test_a_name_that_is_missing_is_shown_beside_its_field(administrator):
    response = administrator.post(f"{HERE}/details", {"name_km": "", "name_en": "New"})
    assert response.status_code == 422
    assert 'aria-describedby="id_name_km-error"' in text_of(response)


def test_an_office_with_open_files_says_why_it_stays(administrator):
    RequestFactory()
    response = administrator.post(f"{HERE}/details", {"name_km": "ក", "name_en": "A"})
    assert response.status_code == 409
    assert "This office still has 1 open files" in text_of(response)
    assert Office.objects.get(code="0102").is_active


def test_counters_come_and_go(chief):
    chief.post(f"{HERE}/counters")
    chief.post(f"{HERE}/counters", {"remove": "1"})
    numbers = Counter.objects.filter(office__code="0102").values_list("number", flat=True)
    assert set(numbers) == {2, 3}
    chief.post(f"{HERE}/counters", {"remove": "2"})
    response = chief.post(f"{HERE}/counters", {"remove": "3"})
    assert response.status_code == 409
    assert "at least one counter" in text_of(response)


def test_a_closed_day_is_recorded_and_says_how_many_deadlines_moved(chief):
    now = clock.now()
    request = RequestFactory(started=now - timedelta(minutes=5))
    response = chief.post(f"{HERE}/closed", closing())
    assert response["Location"] == HERE
    page = text_of(chief.get(HERE))
    assert "1 open deadline was moved." in page
    assert "Flood" in page
    assert ServiceRequest.objects.get(pk=request.pk).due_at > request.due_at
    shown = text_of(chief.get(f"/requests/{format_code(request.tracking_code)}"))
    assert "This office is closed: Flood" in shown
    assert "The days of the office changed" in shown


def test_a_closed_day_is_taken_back(chief):
    chief.post(f"{HERE}/closed", closing())
    chief.post(f"{HERE}/reopened", {"day": next_working_day().isoformat()})
    day = Closure.objects.values_list("day", flat=True)
    assert next_working_day() not in day or not day
    assert chief.post(f"{HERE}/reopened", {"day": "nonsense"}).status_code == 404


def test_a_chief_does_not_close_the_whole_province(chief):
    chief.post(f"{HERE}/closed", closing(is_everywhere="on"))
    assert list(Closure.objects.values_list("office__code", flat=True)) == ["0102"]


def test_an_administrator_closes_the_whole_province(administrator):
    administrator.post(f"{HERE}/closed", closing(is_everywhere="on"))
    assert Closure.objects.count() == Office.objects.count()


@pytest.mark.parametrize(
    "changes",
    [
        {"first_day": ""},
        {"first_day": "2199-01-01"},
        {"last_day": "2001-01-01"},
        {"last_day": "9999-12-31"},
        {"reason_km": ""},
        {"reason_km": "ក" * 201},
    ],
)
def test_days_that_cannot_be_closed_are_refused_in_the_form(chief, changes):
    response = chief.post(f"{HERE}/closed", closing(**changes))
    assert response.status_code == 422
    assert "There is a problem" in text_of(response)
    assert Closure.objects.count() == 0


def test_a_day_that_is_closed_already_says_so(chief):
    day = next_working_day().isoformat()
    chief.post(f"{HERE}/closed", closing(first_day=day))
    response = chief.post(f"{HERE}/closed", closing(first_day=day))
    assert response.status_code == 409
    assert "closed anyway" in text_of(response)


def test_own_hours_are_entered_as_a_week(administrator):
    week = {"hours": "own", "opens-0-0": "07:00", "closes-0-0": "11:00"}
    assert administrator.post(f"{HERE}/hours", week)["Location"] == HERE
    row = OwnPeriod.objects.get()
    assert (row.weekday, f"{row.opens_at:%H:%M}") == (0, "07:00")
    assert "07:00–11:00" in text_of(administrator.get(HERE))


@pytest.mark.parametrize(
    "week",
    [
        {},
        {"opens-0-0": "11:00", "closes-0-0": "07:00"},
        {"opens-0-0": "07:00"},
        {"opens-0-0": "x", "closes-0-0": "11:00"},
    ],
)
def test_a_week_that_cannot_be_is_refused_in_the_form(administrator, week):
    response = administrator.post(f"{HERE}/hours", {"hours": "own", **week})
    assert response.status_code == 422
    assert OwnPeriod.objects.count() == 0


def test_a_service_that_is_not_ticked_is_not_registered(chief, sign_in):
    page = text_of(chief.get(f"{HERE}/services"))
    assert 'name="service"' in page
    chief.post(f"{HERE}/services", {"service": ["nonsense"]})
    assert WithheldService.objects.count() > 10
    desk = sign_in(staff(Role.INFORMATION_OFFICER))
    assert f'value="{SERVICE}"' not in text_of(desk.get("/requests/new"))
    response = desk.get("/requests/new", {"service": SERVICE})
    assert response.status_code == 422
    assert "This office does not offer this service now" in text_of(response)


def test_a_step_of_the_ladder_is_set_and_ended(administrator):
    administrator.post("/manage/reminders", {"offset_days": "5", "told": ["tells_chief"]})
    page = text_of(administrator.get("/manage/reminders"))
    assert "5 working days after the limit" in page
    assert "1 working day before the limit" in page
    administrator.post("/manage/reminders", {"offset_days": "5"})
    assert not EscalationRule.objects.filter(offset_days=5).exists()
    response = administrator.post("/manage/reminders", {"offset_days": "500", "told": []})
    assert response.status_code == 422


def test_notices_are_counted_in_the_navigation_and_read_once(sign_in, province):
    request = RequestFactory()
    agent = staff(Role.AGENT, sector_id=terms(request.service_version_id).sector_id)
    escalate(by=SYSTEM)
    staff_of_step = Notice.objects.filter(user_id=agent.user_id)
    assert staff_of_step.count() == 0
    browser = sign_in(staff(Role.ADMINISTRATOR, office_id=unit()))
    RequestFactory()
    escalate(by=SYSTEM)
    page = text_of(browser.get("/notices"))
    assert 'class="ow-count">1<' in page
    assert format_code(ServiceRequest.objects.latest("pk").tracking_code) in page
    browser.post("/notices/read", {"notice": str(Notice.objects.latest("pk").pk)})
    page = text_of(browser.get("/notices"))
    assert "1 notice is read." in page
    assert "ow-count" not in page


def test_somebody_elses_notice_is_not_there(sign_in):
    RequestFactory()
    staff(Role.ADMINISTRATOR, office_id=unit())
    escalate(by=SYSTEM)
    stranger = sign_in(staff(Role.CASHIER))
    mine = stranger.post("/notices/read", {"notice": str(Notice.objects.get().pk)})
    assert mine.status_code == 404
    assert Notice.objects.get().read_at is None
    assert "Nothing for you" in text_of(stranger.get("/notices"))


def test_a_closed_day_taken_back_is_told_in_words_among_the_notices(sign_in, province):
    clerk = staff(Role.INFORMATION_OFFICER)
    day = next_working_day()
    close_offices([district_office()], [day], reason_km="ទឹកជំនន់", by=SYSTEM)
    reopen_day(district_office(), day, by=SYSTEM)
    assert "after all: the closed day was taken back" in text_of(sign_in(clerk).get("/notices"))
    khmer = text_of(sign_in(clerk, language="km").get("/notices"))
    assert "ថ្ងៃបិទត្រូវបានដកវិញ" in khmer
