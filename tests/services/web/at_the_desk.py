"""The front desk as its tests use it: who sits there, and a form filled in."""

import uuid

import pytest

from owso.accounts.permissions import Role
from services.desk.queries import forget_usual
from tests.factories import SERVICE, staff

HTMX = {"HX-Request": "true"}
# What every page asks: the place, the session with its person, the roles.
BASE = 3
# A whole page also asks for the navigation.
PAGE = BASE + 1


@pytest.fixture(autouse=True)
def _nothing_usual():
    yield
    forget_usual()


@pytest.fixture
def clerk(province):
    return staff(Role.INFORMATION_OFFICER, Role.CASHIER)


@pytest.fixture
def desk(sign_in, clerk):
    return sign_in(clerk)


def filled(**changes):
    return {
        "service": SERVICE,
        "full_name": "សុខ ចាន់ណា",
        "phone": "០១២ ៣៤៥ ៦៧៨",
        "is_complete": "on",
        "key": str(uuid.uuid4()),
        "way": "cash",
        **changes,
    }


def choice_in(page: str) -> str:
    """The first earlier applicant a page offers."""
    return (
        page.partition('name="applicant" value=""')[2]
        .partition('name="applicant" value="')[2]
        .partition('"')[0]
    )


def registered(desk, **changes):
    """Register, and return the page it leads to."""
    return desk.post("/requests/new", filled(**changes))["Location"]
