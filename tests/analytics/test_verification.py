"""Verification: equal after real work, and every planted difference is found."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import translation

from analytics.facts import FACTS
from analytics.folding import fold
from analytics.models import Verification
from analytics.verification import verify
from tenants import clock
from tenants.context import as_national
from tests import databases
from tests.analytics.ledger import province
from tests.conftest import entered
from tests.factories import MONDAY, RequestFactory

pytestmark = pytest.mark.usefixtures("committed")
STATES = (
    "incomplete", "charged", "paid", "in_progress", "waiting", "ready", "delivered", "rejected",
    "withdrawn",
)  # fmt: skip


def a_day_of_work(code="01", *, started=MONDAY):
    """Bring one request to each state by the real actions."""
    with entered(code):
        for state in STATES:
            RequestFactory(reach=state, started=started)


def plant(statement, *params):
    """Change a row behind the system's back, past the triggers, as a fault would."""
    with databases.owner_connection() as db:
        db.execute("SET search_path TO p01, public")
        for table in ("cashier_payment", "cashier_receipt", "requests_requestevent"):
            db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        assert db.execute(statement, params).rowcount > 0


def checks_that_differ():
    return {difference.check for difference in verify(province()).differences}


def test_a_province_is_equal_after_work_in_every_state():
    a_day_of_work()
    fold(province())
    result = verify(province())
    assert result.differences == ()
    assert result.totals.requests == len(STATES) - 1
    assert result.totals.income_riel > 0


def test_events_not_yet_folded_are_no_difference():
    a_day_of_work()
    assert verify(province()).is_equal


def test_a_province_without_work_is_equal():
    assert verify(province("12")).is_equal


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.table)
def test_a_changed_fact_is_found(fact):
    a_day_of_work()
    fold(province())
    column = next(iter(fact.sums))
    plant(
        f"UPDATE {fact.table} SET {column} = {column} + 1 WHERE ctid ="
        f" (SELECT ctid FROM {fact.table} LIMIT 1)"
    )
    assert fact.table.removeprefix("analytics_") in checks_that_differ()


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE cashier_payment SET amount_riel = amount_riel + 1 WHERE id ="
         " (SELECT max(id) FROM cashier_payment)", "income_riel by day"),
        ("DELETE FROM cashier_receipt WHERE number = 1", "receipts are gapless"),
        ("DELETE FROM cashier_receipt WHERE number = 1", "payments by day"),
        ("UPDATE requests_servicerequest SET due_on = due_on + 1 WHERE state = 'in_progress'",
         "open requests by due day"),
        ("UPDATE requests_servicerequest SET ready_at = ready_at + interval '5 minutes'"
         " WHERE ready_at IS NOT NULL", "durations by day"),
        ("UPDATE requests_servicerequest SET closed_at = closed_at - interval '2 days'"
         " WHERE state = 'rejected'", "rejected by day"),
        ("DELETE FROM requests_requestevent WHERE kind = 'registered' AND id ="
         " (SELECT max(id) FROM requests_requestevent WHERE kind = 'registered')",
         "provinceday"),
    ],
)  # fmt: skip
def test_a_ledger_that_was_changed_is_found(statement, check):
    a_day_of_work()
    fold(province())
    plant(statement)
    assert check in checks_that_differ()


def test_the_outcome_is_kept_with_the_last_time_all_was_equal():
    a_day_of_work()
    fold(province())
    good = verify(province())
    plant("UPDATE analytics_provinceday SET received = received + 1")
    bad = verify(province())
    with as_national():
        kept = Verification.objects.get(province=province(), scope=Verification.Scope.FULL)
    assert (kept.is_equal, kept.equal_at, kept.verified_at) == (
        False,
        good.verified_at,
        bad.verified_at,
    )
    assert kept.differences[0]["check"] == "provinceday"


def test_the_recount_of_recent_days_sees_only_those():
    a_day_of_work(started=MONDAY)
    a_day_of_work(started=clock.now() - timedelta(days=2))
    fold(province())
    assert verify(province(), is_recent=True).is_equal
    plant("UPDATE analytics_provinceday SET received = received + 1 WHERE day < '2025-12-31'")
    assert verify(province(), is_recent=True).is_equal
    plant("UPDATE analytics_provinceday SET received = received + 1 WHERE day > '2025-12-31'")
    assert not verify(province(), is_recent=True).is_equal


def told(text, **values):
    """Return what a command says, in the language that commands speak."""
    with translation.override(settings.LANGUAGE_CODE):
        return translation.gettext(text) % values


def test_the_command_prints_a_line_a_province_and_fails_on_a_difference():
    a_day_of_work()
    fold(province())
    lines = databases.manage("verify").splitlines()[1:]
    assert [line.split()[0] for line in lines] == ["01", "02", "12"]
    assert all(line.endswith(told("equal")) for line in lines)
    plant("UPDATE analytics_provinceday SET income_riel = income_riel + 1")
    with pytest.raises(AssertionError, match=told("DIFFERENT")):
        databases.manage("verify", "--province", "01")
    rebuilt = databases.manage("rebuild_facts", "--province", "01")
    assert "01 Banteay Meanchey" in rebuilt
    assert told("DIFFERENT") not in databases.manage("verify", "--province", "01")


def test_a_command_for_an_unknown_province_says_so():
    reason = told("There is no province with the code %(code)s.", code="77")
    with pytest.raises(AssertionError, match=reason):
        databases.manage("verify", "--province", "77")
