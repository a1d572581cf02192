"""A shared computer of the first district office, and people who work there."""

from collections.abc import Callable

import pytest

from owso.accounts.permissions import Role
from services.devices.models import Device
from tests.factories import district_office
from tests.owso.accounts.conftest import Member, _fresh_limits, member

__all__ = ["_fresh_limits", "member"]
PIN = "480271"


class Desk:
    """The one browser of a shared computer, before which people take turns."""

    def __init__(self, chief: Member) -> None:
        self.browser = chief.browser
        self.device = Device.objects.get()

    def sign_in(self, person: Member, *, later: int = 0) -> None:
        person.browser = self.browser
        response = person.sign_in(later=later)
        assert response.status_code == 302, response.content.decode()

    def set_pin(self, pin: str = PIN, again: str = ""):
        return self.browser.post("/computer/device/pin", {"pin": pin, "again": again or pin})

    def lock(self):
        return self.browser.post("/computer/lock")

    def enter(self, person: Member, pin: str = PIN, **more: str):
        return self.browser.post("/computer/", {"who": str(person.user.pk), "pin": pin, **more})

    def employ(self, person: Member, pin: str = PIN) -> None:
        """Let somebody sign in fully once, set a PIN and lock."""
        self.sign_in(person)
        assert self.set_pin(pin)["Location"] == "/computer/device"
        self.lock()


@pytest.fixture
def desk(member: Callable[..., Member]) -> Desk:
    """A computer that the chief of the office has just enrolled, and locked."""
    chief = member(Role.CHIEF, second_step=True)
    chief.sign_in()
    chief.browser.post(
        "/computer/device/enrol", {"office": district_office(), "label": "Counter 1"}
    )
    made = Desk(chief)
    made.lock()
    return made
