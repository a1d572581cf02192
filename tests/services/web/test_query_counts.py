"""Each page of the back office asks the database so many times, however much there is to show."""

import pytest

from owso.accounts.permissions import Role
from services.casework.actions import ask_opinion, take_file, write_note
from services.catalogue.queries import published_version
from services.requests.actions import pause_request, resume_request
from services.requests.codes import format_code
from tenants import clock
from tests.factories import SERVICE, RequestFactory, advanced_to, staff
from tests.services.web.conftest import queries_of

QUEUE, FILE = 6, 22
"""The session with its account, and the roles, are two of each."""
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
