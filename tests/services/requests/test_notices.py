"""Others hear of a commit; a deaf one undoes nothing."""

from datetime import timedelta

import pytest

from services.offices.actors import system_actor
from services.requests import notices
from services.requests.actions import advance_request
from services.requests.models import RequestEvent
from tests.factories import MONDAY, RequestFactory

SYSTEM = system_actor("tests")


@pytest.fixture
def heard():
    """What a listener was told; it leaves with the test."""
    told: list[str] = []

    def listen(schema_name: str) -> None:
        told.append(schema_name)

    kept = list(notices._listeners)
    notices._listeners[:] = [listen]
    yield told
    notices._listeners[:] = kept


def advance(request):
    later = MONDAY + timedelta(hours=1)
    return advance_request(request.pk, by=SYSTEM, seen_visit_id=request.current_visit_id, now=later)


def test_listeners_are_told_the_schema_after_the_commit(
    province, heard, django_capture_on_commit_callbacks
):
    request = RequestFactory()

    with django_capture_on_commit_callbacks(execute=True):
        advance(request)
        assert heard == []

    assert heard == [province.schema_name]


def test_a_listener_that_fails_undoes_nothing(province, heard, django_capture_on_commit_callbacks):
    def deaf(schema_name: str) -> None:
        raise ConnectionError(schema_name)

    notices._listeners.insert(0, deaf)
    request = RequestFactory()

    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        advance(request)

    assert len(callbacks) == 1
    assert RequestEvent.objects.filter(request=request, kind="advanced").exists()


def test_a_listener_is_told_once_however_often_it_registers(heard):
    notices.register(notices._listeners[0])

    notices.changed("p01")

    assert heard == ["p01"]
