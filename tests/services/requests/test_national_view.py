"""What the ministry verifies by: the rows of requests say the same as their events."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from services.offices.actors import system_actor
from services.requests.actions import reject_request
from services.requests.models import Applicant, RequestEvent
from tenants.context import national_of
from tests.factories import MONDAY, RequestFactory, finish

SYSTEM = system_actor("tests")


def shown(request, *columns):
    with connection.cursor() as cursor:
        names = ", ".join(columns)
        cursor.execute(f"SELECT {names} FROM national_request WHERE id = %s", [request.pk])
        return cursor.fetchone()


@pytest.mark.parametrize("past", [timedelta(0), timedelta(seconds=1), timedelta(days=9)])
def test_duration_and_lateness_of_a_ready_request_are_those_of_its_event(province, past):
    request = RequestFactory()
    finish(request.pk, by=SYSTEM, now=request.due_at + past)

    event = RequestEvent.objects.get(request=request, kind="ready")
    assert shown(request, "duration_minutes", "was_late") == (
        event.duration_minutes,
        event.was_late,
    )


@pytest.mark.parametrize("past", [timedelta(0), timedelta(seconds=1)])
@pytest.mark.parametrize("state", ["in_progress", "waiting"])
def test_lateness_of_a_rejected_request_is_that_of_its_event(province, state, past):
    request = RequestFactory(**{state: True})
    reject_request(request.pk, by=SYSTEM, reason="ទេ", now=request.due_at + past)

    event = RequestEvent.objects.get(request=request, kind="rejected")
    assert shown(request, "was_late", "due_on") == (event.was_late, None)


def test_an_open_request_stands_under_its_due_day_and_a_waiting_one_under_none(province):
    running, waiting = RequestFactory(), RequestFactory(waiting=True)

    assert shown(running, "due_on") == (running.due_on,)
    assert shown(waiting, "due_on") == (date(9999, 12, 31),)


def test_the_day_of_registration_is_the_day_in_cambodia(province):
    request = RequestFactory(started=MONDAY.replace(hour=0, minute=30))

    assert shown(request, "registered_on") == (MONDAY.date(),)


def test_the_ministry_sees_the_view_and_no_applicant(province):
    request = RequestFactory()

    with national_of(province):
        assert shown(request, "state") == ("registered",)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Applicant.objects.count()
