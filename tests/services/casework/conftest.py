"""The people of one office, and files that have come to a stage of theirs."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from owso.accounts.permissions import Role
from services.catalogue.queries import published_version
from services.offices.actors import Actor, system_actor
from services.requests.models import ServiceRequest
from tenants import clock
from tests.factories import MONDAY, SERVICE, RequestFactory, advanced_to, staff

SYSTEM = system_actor("tests")
LATER = MONDAY + timedelta(hours=1)


def brought_to(stage: str, **traits: object) -> ServiceRequest:
    """A request of a service with a document, in a stage of its plan."""
    return advanced_to(RequestFactory(**traits).pk, stage, now=LATER)


def stored(request: ServiceRequest) -> ServiceRequest:
    """The request as the database has it now."""
    return ServiceRequest.objects.select_related("current_visit", "applicant").get(pk=request.pk)


@pytest.fixture
def sector_id(province) -> int:
    return published_version(SERVICE, on=clock.today()).sector_id


@pytest.fixture
def person(sector_id) -> Callable[..., Actor]:
    """Hire somebody with roles at the first district office."""

    def hired(*roles: str, **place: int) -> Actor:
        return staff(*roles, sector_id=sector_id, **place)

    return hired


@pytest.fixture
def agent(person) -> Actor:
    return person(Role.AGENT)


@pytest.fixture
def chief(person) -> Actor:
    return person(Role.CHIEF)


@pytest.fixture
def signatory(person) -> Actor:
    return person(Role.SIGNATORY)


@pytest.fixture
def specialist(person) -> Actor:
    return person(Role.SPECIALIST)
