"""The sweep, the tasks, and what they say of how fresh the figures are."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from analytics.freshness import sweep_province
from analytics.models import Freshness, Verification
from analytics.queries import freshness
from analytics.tasks import (
    enqueue_fold,
    fold_province,
    forget_folds,
    sweep,
    verify_all,
    verify_recent,
)
from tenants import clock
from tenants.context import as_national
from tenants.tasks import UnknownProvinceError
from tests.analytics.ledger import position_of, province, random_events, write_events
from tests.conftest import entered
from tests.databases import owner_connection
from tests.factories import RequestFactory


@pytest.fixture
def broken_province(committed):
    """Province 01 with an events table that cannot be read."""
    with owner_connection() as db:
        db.execute("ALTER TABLE p01.requests_requestevent RENAME TO mislaid")
    return province("01")


@pytest.mark.usefixtures("committed")
def test_the_sweep_folds_every_province_and_notes_that_it_is_current():
    for code in ("01", "02"):
        write_events(random_events(20), code)
    before = clock.now()
    sweep()
    assert position_of(province("01"))[2] == position_of(province("02"))[2] == 20
    report = freshness()
    assert report.as_of is not None
    assert report.as_of >= before - timedelta(seconds=1)
    assert (report.reporting, report.lagging, report.is_stopped) == (3, (), False)


def test_a_broken_province_does_not_stop_the_others(broken_province):
    write_events(random_events(20), "02")
    sweep()
    assert position_of(province("02"))[2] == 20
    report = freshness()
    assert [status.code for status in report.lagging] == ["01"]
    assert report.lagging[0].failing_since is not None
    assert report.as_of is None


def test_a_mended_province_catches_up_and_its_failure_is_forgotten(broken_province):
    assert not sweep_province(broken_province)
    failing_since = freshness().provinces[0].failing_since
    assert not sweep_province(broken_province)
    assert freshness().provinces[0].failing_since == failing_since
    with owner_connection() as db:
        db.execute("ALTER TABLE p01.mislaid RENAME TO requests_requestevent")
    assert sweep_province(broken_province)
    assert freshness().provinces[0].failing_since is None


def test_a_transaction_still_open_makes_no_province_current_that_it_wrote_to(committed):
    with owner_connection() as late:
        late.autocommit = False
        write_events(random_events(3), using=late)
        write_events(random_events(3, seed=2))
        assert not sweep_province(province("01"))
        late.rollback()
    assert sweep_province(province("01"))


@pytest.mark.usefixtures("committed")
def test_a_commit_enqueues_one_fold_for_a_burst(monkeypatch):
    forget_folds()
    sent = []
    monkeypatch.setattr(fold_province, "apply_async", lambda args, **options: sent.append(args))
    with entered("01"):
        RequestFactory()
        RequestFactory()
    with entered("02"):
        RequestFactory()
    assert sent == [("p01",), ("p02",)]


def test_a_broker_that_is_down_undoes_nothing(committed, settings, monkeypatch):
    def no_line(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(fold_province, "apply_async", no_line)
    with entered("01"):
        forget_folds()
        request = RequestFactory()
        cache.clear()
        enqueue_fold("p01")
        request.refresh_from_db()
    sweep()
    assert position_of(province("01"))[2] > 0


@pytest.mark.usefixtures("committed")
def test_the_task_folds_one_province_and_refuses_an_unknown_one():
    write_events(random_events(5))
    fold_province("p01")
    assert position_of(province())[2] == 5
    with pytest.raises(UnknownProvinceError):
        fold_province("p77")


def test_the_verifying_tasks_go_on_after_a_province_that_fails(broken_province):
    verify_recent()
    verify_all()
    with as_national():
        kept = set(Verification.objects.values_list("province__code", "scope"))
    assert kept == {(code, scope) for code in ("02", "12") for scope in ("recent", "full")}


def test_a_province_unseen_for_a_minute_is_lagging(db):
    with as_national():
        for code, age in (("01", 5), ("02", 61), ("12", 1)):
            Freshness.objects.create(
                province=province(code), current_at=clock.now() - timedelta(seconds=age)
            )
    report = freshness()
    assert [status.code for status in report.lagging] == ["02"]
    assert report.as_of == report.provinces[1].current_at


def test_verified_at_is_the_oldest_agreement_and_needs_every_province(db):
    now = clock.now()
    with as_national():
        for place, code in enumerate(("01", "02", "12")):
            assert freshness().verified_at is None
            Verification.objects.create(
                province=province(code),
                scope=Verification.Scope.RECENT,
                verified_at=now,
                equal_at=now - timedelta(minutes=place),
                is_equal=code != "02",
                events=0,
                requests=0,
                income_riel=0,
            )
    report = freshness()
    assert report.verified_at == now - timedelta(minutes=2)
    assert [status.code for status in report.differing] == ["02"]
