"""Portal and ministry see their few views, and in these nobody's name."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

from services.cashier.actions import request_reversal
from services.cashier.models import Payment
from services.cashier.tenders import Tender
from services.catalogue.queries import published_version
from services.counter import register_and_pay
from services.offices.actors import system_actor
from services.requests import actions
from services.requests.actions.closing import Collector
from services.requests.intake import ApplicantDetails, RepresentationDetails
from tenants import clock
from tenants.context import as_national, as_portal, national_of, portal_of
from tests import factories
from tests.isolation.tables import Table, open_tables, tables_of

NAME, REPRESENTATIVE, COLLECTOR = "ឈ្មោះសម្ងាត់", "អ្នកតំណាងសម្ងាត់", "អ្នកទទួលសម្ងាត់"
NOTE, PHONE, CARD = "កំណត់ចំណាំសម្ងាត់", "+85512345678", "123456789"
PERSONAL = (
    "full_name", "name_search", "id_number", "id_hash", "id_sealed", "phone_sealed", "phone_hash",
    "phone_last4_hash", "name_sealed", "collector_name_sealed", "note", "applicant_id",
    "password", "username", "actor_name", "content_hash",
)  # fmt: skip
SHARED_AND_CLOSED = ("accounts_", "mfa_", "account_", "audit_", "django_session", "analytics_")


def test_the_portal_reads_its_one_view_of_a_province_and_nothing_else(province):
    everything = tables_of("p01", "p02", "p12")
    with portal_of(province):
        opened = {table.name for table in open_tables(everything)}
    assert opened == set(settings.PORTAL_RELATIONS)


def test_the_ministry_reads_events_and_money_and_nothing_else(province):
    everything = tables_of("p01", "p02", "p12")
    with national_of(province):
        opened = {table.name for table in open_tables(everything)}
    assert opened == set(settings.NATIONAL_RELATIONS)


def test_the_ministry_writes_nothing_of_a_province(province):
    with national_of(province):
        tables = [Table("p01", name) for name in settings.NATIONAL_RELATIONS]
        for statement in ("DELETE FROM {table}", "INSERT INTO {table} DEFAULT VALUES"):
            assert open_tables(tables, statement) == {}


def test_neither_portal_nor_offices_reach_accounts_and_figures_of_the_ministry(province):
    shared = [table for table in tables_of("public") if table.name.startswith(SHARED_AND_CLOSED)]
    assert len(shared) > 8
    assert open_tables(shared) == {}
    with as_portal():
        assert open_tables(shared) == {}


def test_nobody_outside_writes_the_shared_tables(province):
    shared = tables_of("public")
    for statement in ("DELETE FROM {table}", "INSERT INTO {table} DEFAULT VALUES"):
        assert open_tables(shared, statement) == {}
        with as_portal():
            assert open_tables(shared, statement) == {}


def test_the_ministry_does_not_write_the_catalogue(province):
    reference = [
        table
        for table in tables_of("public")
        if table.name.startswith(("catalogue_", "calendars_", "tenants_"))
    ]
    with as_national():
        assert open_tables(reference, "DELETE FROM {table}") == {}


@pytest.mark.parametrize("setting", ["PORTAL_RELATIONS", "NATIONAL_RELATIONS"])
def test_no_column_of_a_view_for_outsiders_is_personal(province, setting):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'p01' AND c.relname = ANY(%s) AND a.attnum > 0",
            [getattr(settings, setting)],
        )
        columns = cursor.fetchall()
    assert len(columns) > 10
    assert [column for column in columns if column[1] in PERSONAL] == []


@pytest.fixture
def revealing(province):
    """A request whose every personal field says something that can be looked for."""
    by = system_actor("tests")
    terms = published_version(factories.SERVICE, on=clock.today())
    intake = factories.IntakeFactory(
        terms=terms,
        idempotency_key=uuid4(),
        applicant=ApplicantDetails(
            full_name=NAME, id_kind="national_id", id_number=CARD, phone="012 345 678"
        ),
        representation=RepresentationDetails(name=REPRESENTATIVE, authority_kind="family"),
    )
    made = register_and_pay(intake, Tender(), by=by).request
    actions.pause_request(made.pk, by=by, reason="other", note=NOTE)
    actions.resume_request(made.pk, by=by)
    factories.finish(made.pk, by=by, now=clock.now())
    actions.deliver_request(made.pk, by=by, collector=Collector(name=COLLECTOR))
    payment = Payment.objects.get()
    request_reversal(payment.pk, by=by, reason="other", note=NOTE)
    return province


@pytest.mark.parametrize(
    ("enter", "setting"),
    [(portal_of, "PORTAL_RELATIONS"), (national_of, "NATIONAL_RELATIONS")],
)
def test_no_row_an_outsider_may_read_says_anything_personal(revealing, enter, setting):
    with enter(revealing), connection.cursor() as cursor:
        for name in getattr(settings, setting):
            query = sql.SQL("SELECT row_to_json(t)::text FROM {} t")
            cursor.execute(query.format(sql.Identifier(revealing.schema_name, name)))
            rows = cursor.fetchall()
            text = " ".join(row[0] for row in rows)
            found = [
                secret
                for secret in (NAME, REPRESENTATIVE, COLLECTOR, NOTE, PHONE, CARD)
                if secret in text
            ]
            assert (name, found) == (name, [])
            assert rows or name == "cashier_reversal"
