"""What is written once stays, but for the disposal: no role, no trick and no owner's hand else."""

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from analytics.folding import fold
from analytics.verification import verify as verify_facts
from owso.audit.models import AuditEntry
from owso.errors import Invalid, NotFound
from services.casework.models import Note
from services.offices.actors import system_actor
from services.privacy.actions import dispose
from services.privacy.models import Disposal, DisposalRun
from services.privacy.tasks import dispose_province
from services.retention.actions import set_period
from services.retention.loading import load_periods
from services.retention.models import RetentionPeriod
from services.retention.queries import days_of, rules_in_force
from services.retention.rules import RULES, DataKind
from tenants import auditing, clock
from tenants.context import as_national, as_portal, in_province, portal_of, province_by_code
from tests.databases import manage, owner_connection
from tests.services.privacy.conftest import SYSTEM, YEAR, full_file, traces

BLANK = {
    "casework_note": "text = '—'",
    "casework_draft": "body = '—'",
    "casework_opinion": "answer = '—'",
    "casework_outcomedocument": "content_sealed = ''",
    "privacy_correction": "before_sealed = ''",
    "privacy_objection": "grounds = '—'",
}


def tried(statement, *values):
    """What PostgreSQL says to a statement."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else "done"
    except DatabaseError as error:
        return type(error.__cause__).__name__


@pytest.mark.parametrize("table", BLANK)
def test_the_province_itself_changes_nothing_that_is_written_once(province, table):
    full_file()
    assert tried(f"UPDATE {table} SET {BLANK[table]}") == "IntegrityConstraintViolation"
    assert tried(f"DELETE FROM {table}") == "IntegrityConstraintViolation"


def test_nobody_but_the_function_says_that_something_was_disposed_of(province):
    run = DisposalRun.objects.create(is_dry_run=True, started_at=clock.now())
    insert = "INSERT INTO privacy_disposal (kind, subject_id, run_id) VALUES ('files', 1, %s)"
    assert tried(insert, run.pk) == "IntegrityConstraintViolation"
    full_file()
    dispose(by=SYSTEM)
    for statement in ("UPDATE privacy_disposal SET kind = 'x'", "DELETE FROM privacy_disposal"):
        assert tried(statement) == "IntegrityConstraintViolation"


def test_the_function_takes_nothing_that_is_not_due_and_knows_no_other_kind(province):
    request = full_file(ago=YEAR)
    run = DisposalRun.objects.create(is_dry_run=True, started_at=clock.now())
    call = "SELECT privacy_dispose(%s, %s, %s)"
    assert tried(call, "files", [request.pk], run.pk) == []
    assert tried(call, "audit", [request.pk], run.pk) == "InvalidParameterValue"
    assert Note.objects.get().text != "—"
    assert not Disposal.objects.exists()


def test_neighbours_citizens_and_the_ministry_cannot_call_it(province, neighbour):
    call = "SELECT p01.privacy_dispose('files', '{}', 1)"
    refused = InsufficientPrivilege.__name__
    with in_province(neighbour):
        assert tried(call) == refused
    for place in (as_portal(), as_national(), portal_of(province)):
        with place:
            assert tried(call) == refused
    assert tried("SELECT privacy_take_copy('')") == refused
    assert tried("SELECT * FROM p02.privacy_disposal") == refused


def test_the_owner_of_the_database_is_refused_too(committed):
    with in_province(province_by_code("01")):
        full_file()
    with owner_connection() as db:
        for table, change in BLANK.items():
            with pytest.raises(Exception, match="append-only"):
                db.execute(f"UPDATE p01.{table} SET {change}")
        with pytest.raises(InsufficientPrivilege, match="province itself"):
            db.execute("SELECT p01.privacy_dispose('files', '{}', 1)")


def test_after_a_disposal_the_audit_chain_and_the_nations_figures_verify(committed):
    province = province_by_code("01")
    with in_province(province):
        full_file()
        full_file(ago=YEAR)
    fold(province)
    place = next(each for each in auditing.places() if each.code == "01")
    auditing.seal(place)
    said = manage("dispose", "--province", "01", "--batch", "1")
    assert "files" in said
    dispose_province("p01")
    fold(province)
    auditing.seal(place)
    assert all(verdict.is_sound for verdict in auditing.verify(place))
    assert verify_facts(province).differences == ()
    with in_province(province):
        assert DisposalRun.objects.filter(finished_at__isnull=False).count() == 2
        assert Disposal.objects.filter(kind="applicants").count() == 1
        assert "requests.applicant" in traces()


def test_the_ministry_sets_a_period_within_the_law_and_every_province_keeps_to_it(province):
    by = system_actor("ក្រសួង")
    full_file(ago=4 * YEAR)
    with as_national():
        with pytest.raises(Invalid) as refused:
            set_period("files", RULES[DataKind.FILES].minimum_days - 1, by=by)
        assert "365" in str(refused.value.fields["days"])
        for kind in ("audit", "nonsense"):
            with pytest.raises(NotFound):
                set_period(kind, 400, by=by)
        with pytest.raises(Invalid):
            set_period("money", 9 * 365, by=by)  # the accounting law says ten years
        set_period("files", 3 * 365, by=by)
        assert AuditEntry.objects.get(verb="set_retention").changes["days"] == [None, 3 * 365]
        below = "UPDATE retention_retentionperiod SET own_days = 1 WHERE kind = 'money'"
        assert tried(below) == "CheckViolation"
    assert days_of(DataKind.FILES) == 3 * 365
    assert tried("UPDATE public.retention_retentionperiod SET own_days = NULL") == (
        InsufficientPrivilege.__name__
    )
    assert dispose(by=SYSTEM).report["files"]["taken"] == 1
    own = next(each for each in rules_in_force() if each.rule.kind == DataKind.FILES)
    assert (own.days, own.is_own) == (3 * 365, True)


def test_loading_keeps_what_the_ministry_set_unless_the_law_rose_above_it(owner):
    RetentionPeriod.objects.filter(kind="files").update(own_days=400)
    RetentionPeriod.objects.filter(kind="scans").update(minimum_days=1, own_days=5)
    assert load_periods() == sum(1 for rule in RULES.values() if rule.usual_days)
    assert RetentionPeriod.objects.get(kind="files").days == 400
    assert RetentionPeriod.objects.get(kind="scans").own_days is None
