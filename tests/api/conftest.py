"""An office with people, and a client that speaks JSON to its host."""

import json
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from owso.accounts.models import User
from services.cashier.tenders import Tender
from services.catalogue.queries import published_version
from services.counter import register_and_pay
from services.offices.actors import system_actor
from services.requests.codes import format_code
from tenants import clock
from tests import factories

HOST = "banteay-meanchey.localhost"
ROOT = "/api/v1/requests/"


class Caller:
    """A signed-in account calling the interface of one province."""

    def __init__(self, user: User | None, *, host: str = HOST, checks_csrf: bool = False) -> None:
        self.client = Client(headers={"host": host}, enforce_csrf_checks=checks_csrf)
        self.stood = connection.tenant
        if user is not None:
            self.client.force_login(user)

    def get(self, path: str, **query: str):
        return self.back(self.client.get(path, query))

    def post(self, path: str, body: object = None, *, key: object = None):
        headers = {} if key is None else {"Idempotency-Key": str(key)}
        answer = self.client.post(
            path, json.dumps(body or {}), content_type="application/json", headers=headers
        )
        return self.back(answer)

    def back(self, answer):
        """Stand again where the test stood: the request has left its province."""
        connection.set_tenant(self.stood)
        return answer


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def caller(province):
    """Give a signed-in caller with these roles at the first district office."""

    def made(*roles: str, office_id: int | None = None) -> Caller:
        sector_id = published_version(factories.SERVICE, on=clock.today()).sector_id
        actor = factories.staff(*roles, office_id=office_id, sector_id=sector_id)
        return Caller(User.objects.get(pk=actor.user_id))

    return made


@pytest.fixture
def body():
    """A complete registration that pays at once."""
    return {
        "service": factories.SERVICE,
        "office": "0102",
        "applicant": {"full_name": "សុខ ដារ៉ា", "phone": "012 345 678"},
        "quantity": 2,
        "payment": {"method": "cash", "riel": 20_000},
    }


@pytest.fixture
def filed(province):
    """A paid request of now, and the address of its page."""
    terms = published_version(factories.SERVICE, on=clock.today())
    intake = factories.IntakeFactory(terms=terms, idempotency_key=uuid4())
    made = register_and_pay(intake, Tender(), by=system_actor("tests")).request
    return made, f"{ROOT}{format_code(made.tracking_code)}/"
