"""The sign-in pages of a province, with people whose password is known."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.http import HttpResponse

from owso.accounts.models import User
from tests.factories import UserFactory, staff
from tests.second_steps import code_of, with_application
from tests.services.web.conftest import HOST, Browser, _fresh_limits

PASSWORD = "correct horse battery"
SIGN_IN, SECOND_STEP = "/account/sign-in/", "/account/second-step/"

__all__ = ["_fresh_limits"]


@dataclass
class Member:
    """An account with the browser of its person."""

    user: User
    browser: Browser
    secret: str = ""

    def password(self, password: str = PASSWORD, **more: str) -> HttpResponse:
        given = {"username": self.user.username, "password": password, **more}
        return self.browser.post(SIGN_IN, given)

    def code(self, code: str = "", *, later: int = 0) -> HttpResponse:
        return self.browser.post(SECOND_STEP, {"code": code or code_of(self.secret, later=later)})

    def sign_in(self, *, later: int = 0) -> HttpResponse:
        response = self.password()
        return self.code(later=later) if self.secret else response


@pytest.fixture
def member(province) -> Callable[..., Member]:
    """Somebody with roles, with or without a second step."""

    def made(*roles: str, second_step: bool = False, language: str = "en", **fields) -> Member:
        user = User.objects.get(pk=staff(*roles).user_id) if roles else UserFactory()
        user.set_password(PASSWORD)
        for name, value in fields.items():
            setattr(user, name, value)
        user.save()
        secret = with_application(user) if second_step else ""
        return Member(user, Browser(HOST, province, language=language), secret)

    return made
