"""The queue of an office: what each role finds in it, filters, pages, and many rows at a press."""

from datetime import timedelta

import pytest

from owso.accounts.permissions import Role
from services.casework.actions import ask_opinion, take_file
from services.casework.queues import Filters, Tab, queue_counts, queue_page
from services.catalogue.queries import published_version
from services.requests.actions import forward_request
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from services.requests.states import State
from tenants import clock
from tests.factories import SERVICE, RequestFactory, advanced_to, district_office, staff
from tests.services.web.conftest import text_of


@pytest.fixture
def sector_id(province):
    return published_version(SERVICE, on=clock.today()).sector_id


@pytest.fixture
def agent(sector_id):
    return staff(Role.AGENT, sector_id=sector_id)


@pytest.fixture
def chief(province):
    return staff(Role.CHIEF)


def listed(actor, tab, **how):
    place, now = district_office(), clock.now()
    page = queue_page(actor, tab, office_id=place, now=now, **how)
    counts = queue_counts(actor, office_id=place, now=now)
    if not how:
        assert counts[tab] == len(page.lines)
    return [line.id for line in page.lines]


def recent(**traits):
    return RequestFactory(started=clock.now() - timedelta(hours=2), **traits)


def test_each_role_finds_the_stages_it_acts_in(agent, chief):
    checking, reviewing = RequestFactory(), advanced_to(RequestFactory().pk, "review")
    assert listed(agent, Tab.ROLE) == [checking.pk]
    assert listed(chief, Tab.ROLE) == [reviewing.pk]
    assert set(listed(chief, Tab.OFFICE)) == {checking.pk, reviewing.pk}


def test_an_agent_finds_only_the_own_sector(agent, sector_id):
    other = staff(Role.AGENT, sector_id=published_version("LEG-D-002", on=clock.today()).sector_id)
    request = RequestFactory()
    assert listed(agent, Tab.OFFICE) == [request.pk]
    assert listed(other, Tab.OFFICE) == listed(other, Tab.ROLE) == []


def test_mine_are_the_files_i_took_while_they_are_in_my_stage(agent):
    mine, _other = RequestFactory(), RequestFactory()
    take_file(mine.pk, by=agent)
    assert listed(agent, Tab.MINE) == [mine.pk]
    advanced_to(mine.pk, "review")
    assert listed(agent, Tab.MINE) == []


def test_late_due_today_paused_ready_and_incomplete_are_told_apart(chief):
    late, paused = RequestFactory(overdue=True), recent(waiting=True)
    ready, incomplete = recent(ready=True), recent(incomplete=True)
    running = recent()
    assert listed(chief, Tab.LATE) == [late.pk]
    assert listed(chief, Tab.PAUSED) == [paused.pk]
    assert listed(chief, Tab.READY) == [ready.pk]
    assert listed(chief, Tab.INCOMPLETE) == [incomplete.pk]
    assert set(listed(chief, Tab.OFFICE)) == {late.pk, paused.pk, running.pk}
    assert listed(chief, Tab.TODAY) == []


def test_what_is_due_today_is_neither_late_nor_due_tomorrow(chief):
    now = clock.now().astimezone(clock.LOCAL)
    rows = {name: recent().pk for name in ("today", "late", "tomorrow")}
    day = now.replace(hour=23, minute=59, second=59, microsecond=0)
    for name, due_at in (
        ("today", max(day, now + timedelta(milliseconds=500))),
        ("late", now - timedelta(minutes=1)),
        ("tomorrow", day + timedelta(seconds=1)),
    ):
        ServiceRequest.objects.filter(pk=rows[name]).update(due_at=due_at, promised_at=None)
    assert listed(chief, Tab.TODAY) == [rows["today"]]
    assert listed(chief, Tab.LATE) == [rows["late"]]


def test_opinions_asked_of_a_role_are_found_by_it(agent, sector_id):
    specialist = staff(Role.SPECIALIST)
    request = RequestFactory()
    ask_opinion(request.pk, role=Role.SPECIALIST, question="តើ?", days=1, by=agent)
    assert listed(specialist, Tab.OPINIONS) == [request.pk]
    assert listed(agent, Tab.OPINIONS) == []


def test_the_least_time_left_comes_first_and_pages_follow_without_gap_or_overlap(chief):
    made = [RequestFactory(started=clock.now() - timedelta(days=n)) for n in (3, 30, 90, 60, 9)]
    whole = listed(chief, Tab.OFFICE)
    due = ServiceRequest.objects.in_bulk([each.pk for each in made])
    assert whole == sorted(due, key=lambda pk: (due[pk].due_at, pk))
    paged, after = [], None
    while True:
        page = queue_page(
            chief, Tab.OFFICE, office_id=district_office(), now=clock.now(), after=after, limit=2
        )
        paged += [line.id for line in page.lines]
        if page.following is None:
            break
        after = page.following
    assert paged == whole


def test_incomplete_ones_page_too_though_they_have_no_limit(chief):
    made = [recent(incomplete=True).pk for _ in range(3)]
    place, now = district_office(), clock.now()
    first = queue_page(chief, Tab.INCOMPLETE, office_id=place, now=now, limit=2)
    second = queue_page(
        chief, Tab.INCOMPLETE, office_id=place, now=now, limit=2, after=first.following
    )
    assert [line.id for line in (*first.lines, *second.lines)] == made


def test_filters_narrow_by_service_stage_sector_and_text(chief, sector_id):
    one = RequestFactory()
    other = advanced_to(RequestFactory(intake__service="LEG-D-002").pk, "sign")

    def found(**filters):
        return listed(chief, Tab.OFFICE, filters=Filters(**filters))

    assert found(service_id=one.service_id) == [one.pk]
    assert found(stage="sign") == [other.pk]
    assert found(sector_id=sector_id) == [one.pk]
    assert found(text=format_code(other.tracking_code)) == [other.pk]
    assert found(text=one.applicant.full_name) == [one.pk]
    assert set(found(text="012 345 678")) == {one.pk, other.pk}
    assert found(text="nobody") == []


def test_a_forwarded_file_is_in_the_queue_of_the_other_office_only(chief):
    request = RequestFactory()
    forward_request(request.pk, by=chief, to_office_id=district_office(1))
    assert listed(chief, Tab.OFFICE) == []


@pytest.fixture
def desk(sign_in, agent):
    return sign_in(agent)


def test_the_page_shows_lines_masked_with_bar_stage_and_person(desk, agent):
    request = RequestFactory()
    take_file(request.pk, by=agent)
    page = text_of(desk.get("/queue?tab=mine"))
    assert format_code(request.tracking_code) in page
    assert request.applicant.full_name not in page
    assert "<progress" in page
    assert agent.name in page
    assert "no-store" in desk.get("/queue")["Cache-Control"]


@pytest.mark.parametrize(
    "query",
    [
        "tab=nonsense",
        "tab=running",
        "after=nonsense",
        "after=~1",
        "after=2026-01-01T00:00:00%2B00:00~5",
        "after=2026-01-01~99999999999999999999",
        "service=x&stage=%00&sector=-1&text=%00",
        "text=" + "x" * 500,
        "tab=incomplete&after=~3",
    ],
)
def test_an_address_that_was_tampered_with_still_shows_a_queue(desk, query):
    assert desk.get(f"/queue?{query}").status_code == 200


def test_htmx_gets_the_part_and_after_going_back_the_page(desk):
    RequestFactory()
    part = text_of(desk.get("/queue", **{"HX-Request": "true", "HX-Target": "queue"}))
    assert part.lstrip().startswith('<div id="queue"')
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in text_of(desk.get("/queue", **back))


def ticked(*requests):
    return {
        "row": [f"{format_code(each.tracking_code)}~{each.current_visit_id}" for each in requests]
    }


def test_many_rows_move_on_at_one_press_each_by_itself(desk):
    good, unpaid, moved = RequestFactory(), RequestFactory(charged=True), RequestFactory()
    form = ticked(good, unpaid, moved)
    form["row"] += ["nonsense~1", f"{format_code(good.tracking_code)}~x", "~"]
    advanced_to(moved.pk, "opinion")

    page = text_of(desk.post("/queue/advance", form))

    states = {each.pk: each.state for each in ServiceRequest.objects.all()}
    assert states[good.pk] == State.IN_PROGRESS
    assert states[unpaid.pk] == State.REGISTERED
    for words in (
        "1 file done.",
        "5 files were left as they were",
        "The fee has not been paid",
        "Somebody has already moved this request on",
        "There is nothing here under that number",
    ):
        assert words in page


def test_pressing_twice_moves_each_file_once(desk):
    request = RequestFactory()
    form = ticked(request)
    desk.post("/queue/advance", form)
    assert "Somebody has already moved" in text_of(desk.post("/queue/advance", form))
    assert ServiceRequest.objects.get().current_visit.sequence == 2


def test_a_file_of_another_office_in_the_rows_moves_nothing(sign_in, sector_id):
    request = RequestFactory()
    stranger = staff(Role.AGENT, sector_id=sector_id, office_id=district_office(1))
    page = text_of(sign_in(stranger).post("/queue/advance", ticked(request)))
    assert "There is nothing here under that number" in page
    assert ServiceRequest.objects.get().state == State.REGISTERED


def test_a_document_is_not_signed_unseen(sign_in):
    signatory = sign_in(staff(Role.SIGNATORY))
    request = advanced_to(RequestFactory().pk, "sign")
    assert 'name="row"' not in text_of(signatory.get("/queue"))
    assert "Sign it" in text_of(signatory.post("/queue/advance", ticked(request)))


def test_many_rows_are_taken_at_one_press(desk):
    one, other = RequestFactory(), RequestFactory()
    assert "2 files done" in text_of(desk.post("/queue/take", ticked(one, other)))
    assert "No row was ticked" in text_of(desk.post("/queue/take", {}))
