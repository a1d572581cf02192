"""Each page of the back office asks the database so many times, however much there is to show."""

from datetime import timedelta

import pytest

from owso.accounts.permissions import Role
from services.casework.actions import ask_opinion, take_file, write_note
from services.catalogue.queries import published_version
from services.offices.actions import close_offices
from services.offices.models import Closure
from services.requests.actions import pause_request, resume_request
from services.requests.codes import format_code
from tenants import clock
from tests.factories import SERVICE, RequestFactory, advanced_to, district_office, staff
from tests.services.cashier.tills import count_exactly, opened
from tests.services.web.conftest import queries_of

QUEUE, FILE = 5, 18
"""The session with its account, the roles, and the unread notices are three of each."""
PAGES = {
    "/": 10,
    "/find?q=សុខ": 4,
    "/queue": 5,
    "/requests/new": 7,
    "/morning": 14,
    "/morning/late": 5,
    "/morning/received": 4,
    "/notices": 5,
    "/till": 7,
    "/tills": 6,
    "/deposits": 5,
    "/manage": 4,
    "/manage/people": 6,
    "/manage/reminders": 4,
}
"""Pages that show rows."""
EVERYBODY = [role for role in Role if not role.startswith("ministry")]


@pytest.fixture
def actor(province):
    sector_id = published_version(SERVICE, on=clock.today()).sector_id
    return staff(*EVERYBODY, sector_id=sector_id)


@pytest.fixture
def desk(sign_in, actor):
    browser = sign_in(actor)
    browser.get("/queue")
    return browser


@pytest.mark.parametrize("rows", [1, 7])
def test_the_queue(desk, actor, rows):
    for _ in range(rows):
        take_file(RequestFactory().pk, by=actor)
    for tab in ("office", "mine", "role", "late"):
        assert len(queries_of(lambda tab=tab: desk.get(f"/queue?tab={tab}"))) == QUEUE, tab


@pytest.mark.parametrize("times", [1, 4])
def test_a_file(desk, actor, times):
    request = RequestFactory()
    path = f"/requests/{format_code(request.tracking_code)}"
    desk.get(path)
    for _ in range(times):
        write_note(request.pk, text="កំណត់ចំណាំ", by=actor)
        pause_request(request.pk, by=actor, reason="papers_missing")
        resume_request(request.pk, by=actor)
    take_file(request.pk, by=actor)
    advanced_to(request.pk, "draft")
    ask_opinion(request.pk, role=Role.SPECIALIST, question="តើ?", days=1, by=actor)
    assert len(queries_of(lambda: desk.get(path))) == FILE


def test_pages_of_rows_ask_as_often_for_many_as_for_one(desk, actor):
    _happen(actor)
    before = _asked(desk)
    for _ in range(4):
        _happen(actor)
    assert _asked(desk) == before == PAGES


def _happen(actor):
    """One more of everything that the pages list."""
    RequestFactory()
    RequestFactory(overdue=True)
    count_exactly(opened(actor), actor)
    staff(Role.CASHIER)
    first = clock.today() + timedelta(days=30 + 7 * Closure.objects.count())
    week = [first + timedelta(days=offset) for offset in range(7)]
    close_offices([district_office()], week, reason_km="បុណ្យភូមិ", by=actor)


def _asked(desk):
    for path in PAGES:
        desk.get(path)
    return {path: len(queries_of(lambda path=path: desk.get(path))) for path in PAGES}
