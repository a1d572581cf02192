"""The waiting room: numbers of the day without a gap, called in their order."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from owso.accounts.permissions import Role
from owso.errors import NotAllowed, NotFound
from services.desk.actions import call_next, issue_ticket
from services.desk.models import Ticket
from services.desk.queries import waiting_at
from tenants import clock
from tests.conftest import entered
from tests.factories import MONDAY, district_office, staff


@pytest.fixture
def officer(province):
    return staff(Role.INFORMATION_OFFICER)


def test_numbers_count_up_and_begin_anew_each_day(officer):
    place = {"by": officer, "office_id": district_office()}
    numbers = [issue_ticket(**place, now=MONDAY).number for _ in range(3)]
    assert numbers == [1, 2, 3]
    assert issue_ticket(**place, now=MONDAY + timedelta(days=1)).number == 1


def test_numbers_are_called_in_their_order(officer):
    place = {"by": officer, "office_id": district_office()}
    for _ in range(3):
        issue_ticket(**place, now=MONDAY)
    assert [call_next(**place, now=MONDAY).number for _ in range(2)] == [1, 2]
    standing = waiting_at(district_office(), clock.local_day(MONDAY))
    assert (standing.called, standing.waiting) == (2, 1)


def test_nobody_waits(officer):
    with pytest.raises(NotFound) as refused:
        call_next(by=officer, office_id=district_office())
    assert refused.value.code == "nobody_waits"


def test_only_the_desk_gives_and_calls_numbers(officer):
    for act in (issue_ticket, call_next):
        with pytest.raises(NotAllowed):
            act(by=staff(Role.CASHIER), office_id=district_office())
        with pytest.raises(NotAllowed):
            act(by=officer, office_id=district_office(1))


def test_two_desks_never_give_or_call_the_same_number(committed):
    with entered("01"):
        officer = staff(Role.INFORMATION_OFFICER)
    gate = threading.Barrier(4)
    called: list[int] = []

    def work() -> None:
        try:
            with entered("01"):
                gate.wait(10)
                issue_ticket(by=officer, office_id=district_office())
                gate.wait(10)
                called.append(call_next(by=officer, office_id=district_office()).number)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(called) == [1, 2, 3, 4]
    with entered("01"):
        assert Ticket.objects.count() == 4
