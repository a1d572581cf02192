"""What cannot be entered is heard at once; nothing is read under the role of before."""

import os
import secrets

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError, connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from owso.database.base import Identity
from tenants.context import current_province, in_province
from tenants.models import Province
from tests import databases
from tests.conftest import entered
from tests.isolation.tables import own_offices, standing


def test_an_unknown_province_is_refused(committed):
    with entered("01"):
        own_offices()
        unknown = Province(code="77", schema_name="p77")
        with pytest.raises(DatabaseError, match="owso_p77"), in_province(unknown):
            own_offices()
        assert standing() == ("owso_p01", "p01")


def test_an_unknown_schema_does_not_silently_read_the_shared_one(committed):
    connection.set_tenant(Identity("p77", "owso_p01"))
    with pytest.raises(ImproperlyConfigured, match="p77"):
        standing()


def test_a_tenant_without_a_role_is_refused(committed):
    connection.set_tenant(Identity("p01", ""))
    with pytest.raises(ImproperlyConfigured, match="role"):
        standing()


def test_a_schema_cannot_be_entered_by_its_bare_name(committed):
    with pytest.raises(ImproperlyConfigured, match=r"tenants\.context"):
        connection.set_schema("p01")


def test_a_revoked_role_is_heard_and_not_replaced_by_the_one_before(committed):
    role = f"owso_probe_{secrets.token_hex(4)}"
    with databases.owner_connection() as owner:
        owner.execute(f"CREATE ROLE {role} NOLOGIN")
        owner.execute(f"GRANT {role} TO owso_app WITH SET TRUE, INHERIT FALSE")
        try:
            with entered("02"):
                own_offices()
            owner.execute(f"REVOKE {role} FROM owso_app")
            connection.set_tenant(Identity("p01", role))
            with pytest.raises(DatabaseError, match="permission denied"):
                own_offices()
            with pytest.raises(DatabaseError, match="permission denied"):
                own_offices()
        finally:
            connection.set_schema_to_public()
            owner.execute(f"DROP ROLE {role}")


def test_a_server_process_killed_in_between_is_heard_and_then_replaced(committed):
    with entered("02"):
        own_offices()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        with psycopg.connect(_login(), autocommit=True) as same_login:
            same_login.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        connection.set_tenant(Identity("p01", "owso_p01"))
        with pytest.raises(OperationalError):
            own_offices()
        connection.close()
        assert own_offices() == {"01"}
        assert standing() == ("owso_p01", "p01")


def _login() -> str:
    """The address of this run's database for the web server's login."""
    base = conninfo_to_dict(os.environ["DATABASE_URL"])
    return make_conninfo(**{**base, "dbname": connection.settings_dict["NAME"]})


def test_outside_every_province_there_is_no_current_one(committed):
    with pytest.raises(LookupError):
        current_province()


def test_the_bare_login_owns_and_reads_nothing(committed):
    with entered("01"):
        own_offices()
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            for table in ("p01.requests_applicant", "public.tenants_province"):
                with pytest.raises(DatabaseError, match="permission denied"):
                    cursor.execute(f"SELECT 1 FROM {table}")
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE owso_owner",
        "SET ROLE postgres",
        "SET ROLE owso_p99",
        "SET SESSION AUTHORIZATION postgres",
        "CREATE TABLE public.mine (x int)",
        "CREATE SCHEMA mine",
        "SELECT rolpassword FROM pg_authid",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('/etc/passwd')",
        "ALTER TABLE requests_servicerequest DISABLE TRIGGER ALL",
        "TRUNCATE requests_requestevent",
    ],
)
def test_a_province_s_role_cannot_rise_above_itself(committed, statement):
    with entered("01"), connection.cursor() as cursor, pytest.raises(DatabaseError):
        cursor.execute(statement)
