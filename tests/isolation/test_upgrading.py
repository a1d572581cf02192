"""One command brings what an older release left to the state of this one."""

from tests import databases
from tests.conftest import entered
from tests.isolation.tables import open_tables, standing, tables_of

VIEW, INDEXES = "genuine_document", ("request_unfinished", "visit_open")


def rights_of_the_portal(owner) -> bool:
    asked = "SELECT has_table_privilege('owso_portal', to_regclass(%s), 'SELECT')"
    return owner.execute(asked, [f"p12.{VIEW}"]).fetchone()[0]


def forget(owner, schema: str) -> None:
    """Let a province not know of the last migrations of the back office."""
    owner.execute(
        f"DELETE FROM {schema}.django_migrations WHERE app = 'casework' AND name >= '0003'"
    )
    owner.execute("UPDATE tenants_installationstamp SET value = 'older' WHERE name = 'migrations'")


def go_back(owner) -> None:
    """Leave a province as it was before them."""
    forget(owner, "p12")
    owner.execute(f"DROP VIEW p12.{VIEW}")
    for index in INDEXES:
        owner.execute(f"DROP INDEX p12.{index}")


def test_a_province_of_an_older_release_is_migrated_before_its_rights_are_granted(committed):
    with databases.owner_connection() as owner:
        assert rights_of_the_portal(owner)
        go_back(owner)
        told = databases.manage("provision_all", "--only", databases.PROVINCES)
        assert "1 provinces migrated" in told
        assert rights_of_the_portal(owner)
    with entered("12"):
        assert standing() == ("owso_p12", "p12")
        assert open_tables(tables_of("p01")) == {}


def test_a_province_that_cannot_be_migrated_is_named_and_keeps_no_other_waiting(committed):
    with databases.owner_connection() as owner:
        go_back(owner)
        forget(owner, "p02")
        told = databases.manage("provision_all", "--only", databases.PROVINCES, check=False)
        assert "1 provinces migrated" not in told
        assert rights_of_the_portal(owner)
        stamp = "SELECT value FROM tenants_installationstamp WHERE name = 'migrations'"
        assert owner.execute(stamp).fetchone() == ("older",)
