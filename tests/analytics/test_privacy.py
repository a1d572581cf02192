"""No door of the national layer leads to a person."""

import psycopg
import pytest
from django.db import connection

from tenants.context import NATIONAL_ROLE, as_national, national_of
from tests.analytics.ledger import province

# Columns of the shared schema that name somebody: accounts of the ministry itself.
OWN_STAFF = {
    "accounts_user", "accounts_ministrygrant", "accounts_opensession", "django_session",
    "account_emailaddress", "account_emailconfirmation", "audit_auditentry", "audit_accessentry",
    "audit_auditseal",
}  # fmt: skip
PERSONAL = (
    "applicant", "full_name", "first_name", "last_name", "phone", "id_sealed", "id_hash", "sealed",
    "collector", "username", "address", "birth", "email", "note", "cashier", "handled_by",
)  # fmt: skip
ALLOWED = {
    "requests_requestevent", "cashier_charge", "cashier_payment", "cashier_receipt",
    "cashier_reversal", "national_request", "national_office",
}  # fmt: skip


def columns_readable_by_the_ministry(schema):
    with as_national(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            " WHERE n.nspname = %s AND c.relkind IN ('r', 'v', 'm', 'p', 'f')"
            " AND has_column_privilege(%s, c.oid, a.attnum, 'SELECT')",
            [schema, NATIONAL_ROLE],
        )
        return cursor.fetchall()


def test_facts_have_no_personal_column(db):
    facts = [row for row in columns_readable_by_the_ministry("public") if "analytics" in row[0]]
    assert len({table for table, _column in facts}) == 14
    assert not [row for row in facts if any(word in row[1] for word in PERSONAL)]


def test_the_shared_schema_holds_personal_columns_of_ministry_staff_only(db):
    found = {
        table
        for table, column in columns_readable_by_the_ministry("public")
        if any(word in column for word in PERSONAL)
    }
    assert found <= OWN_STAFF | {"catalogue_legalinstrument", "catalogue_serviceversion",
                                 "catalogue_feerule"}  # fmt: skip


def test_of_a_province_the_ministry_reads_events_and_money_alone(db):
    readable = columns_readable_by_the_ministry("p01")
    assert {table for table, _column in readable} == ALLOWED


def test_what_it_reads_names_no_citizen(db):
    named = {
        (table, column)
        for table, column in columns_readable_by_the_ministry("p01")
        if any(word in column for word in PERSONAL)
    }
    # The number of a member of staff, whose name the ministry cannot look up.
    assert named <= {("cashier_payment", "cashier_id")}


@pytest.mark.parametrize(
    "table",
    ["requests_applicant", "requests_servicerequest", "accounts_user", "audit_auditentry",
     "requests_representation", "requests_collection"],
)  # fmt: skip
def test_a_table_with_people_is_refused(db, table):
    with (
        national_of(province()),
        connection.cursor() as cursor,
        pytest.raises(Exception, match="permission denied") as refused,
    ):
        cursor.execute(f"SELECT * FROM p01.{table}")
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)
