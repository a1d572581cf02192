"""Doors to the pages: a citizen's browser, and the browsers of a province's staff."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from owso import limits
from owso.accounts.models import OpenSession, User
from owso.accounts.permissions import Role
from services.offices.actors import Actor
from services.web.portal import lookups
from services.web.templatetags.kept import forget_kept
from tenants.models import Province
from tests.factories import staff, unit

HOST = "banteay-meanchey.localhost"


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    """Count look-ups anew for every test."""
    yield
    limits._shared().storage.reset()
    lookups.forget()
    forget_kept()
    cache.clear()


class Browser:
    """A client of one host that leaves the connection where the test stood."""

    def __init__(self, host: str, province: Province, *, language: str = "en") -> None:
        self.client = Client(SERVER_NAME=host, raise_request_exception=True)
        self.province = province
        self.client.cookies["owso_language"] = language

    def get(self, path: str, data: dict | None = None, **headers: str):
        with self._standing():
            return self.client.get(path, data, headers=headers)

    def post(self, path: str, data: dict | None = None, **headers: str):
        with self._standing():
            return self.client.post(path, data or {}, headers=headers)

    @contextmanager
    def _standing(self) -> Iterator[None]:
        try:
            yield
        finally:
            connection.set_tenant(self.province)


@pytest.fixture
def citizen(province) -> Browser:
    """Somebody with a phone."""
    return Browser("localhost", province)


@pytest.fixture
def sign_in(province) -> Callable[..., Browser]:
    """Sign a member of staff in at the province's host."""

    def browser_of(actor: Actor, *, language: str = "en") -> Browser:
        browser = Browser(HOST, province, language=language)
        user = User.objects.get(pk=actor.user_id)
        browser.client.force_login(user)
        session_id = browser.client.session.session_key
        OpenSession.objects.create(session_id=session_id, user=user, how=OpenSession.How.FULL)
        return browser

    return browser_of


@pytest.fixture
def chief(sign_in: Callable[..., Browser]) -> Browser:
    """The browser of a chief."""
    return sign_in(staff(Role.CHIEF))


@pytest.fixture
def administrator(sign_in: Callable[..., Browser]) -> Browser:
    """The browser of a provincial administrator."""
    return sign_in(staff(Role.ADMINISTRATOR, office_id=unit()))


def queries_of(ask: Callable[[], object]) -> list[str]:
    """The statements a page sends, without those that only take a role."""
    with CaptureQueriesContext(connection) as captured:
        ask()
    return [each["sql"] for each in captured.captured_queries if "set_config" not in each["sql"]]


def text_of(response: HttpResponse) -> str:
    """The page as text."""
    return response.content.decode()
