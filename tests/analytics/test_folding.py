"""Folding: every event into every fact, exactly once, whatever ends in the middle."""

import pytest

from analytics.folding import fold, pending
from analytics.rebuilding import rebuild
from tests.analytics.ledger import (
    counted_by_hand,
    facts_of,
    halted_fold,
    position_of,
    province,
    random_events,
    write_events,
)
from tests.databases import owner_connection

pytestmark = pytest.mark.usefixtures("committed")
EVENTS = random_events(700)


def assert_facts_are(found, events):
    kept, hand = facts_of(found), counted_by_hand(events)
    stages = {
        (*key, name): value
        for key, sums in kept["stageday"].items()
        for name, value in zip(("entered", "departed", "late", "dwell_minutes"), sums, strict=True)
        if value
    }
    assert stages == hand["stage"]
    for table, name in (
        ("stagedwell", "dwell"),
        ("durationcount", "exact"),
        ("durationbucket", "bucket"),
        ("officeserviceduration", "office"),
        ("openbydueday", "open"),
    ):
        assert {key: n for key, (n,) in kept[table].items()} == hand[name], table
    days = kept["provinceday"]
    assert sum(row[0] for row in days.values()) == kinds(events, "registered")
    assert sum(row[2] + row[3] for row in days.values()) == kinds(events, "ready")
    assert sum(row[8] for row in days.values()) == 4000 * kinds(events, "paid")
    assert sum(row[10] for row in days.values()) == 1500 * kinds(events, "reversed")
    offices = kept["officeserviceday"].values()
    assert sum(row[11] for row in offices) == sum(row[12] for row in offices)
    assert sum(row[11] for row in offices) == kinds(events, "forwarded")


def kinds(events, kind):
    return sum(event["kind"] == kind for event in events)


@pytest.mark.parametrize("batch", [7, 50_000])
def test_every_fact_equals_a_count_by_hand(batch):
    write_events(EVENTS)
    assert fold(province(), batch=batch) == len(EVENTS)
    assert_facts_are(province(), EVENTS)
    assert fold(province()) == 0


def test_days_with_no_open_request_left_are_not_kept():
    write_events(EVENTS)
    fold(province())
    kept = facts_of(province())
    assert all(n for (n,) in kept["openbydueday"].values())
    assert all(n for (n,) in kept["provinceopen"].values())


def test_provinces_do_not_mix():
    write_events(EVENTS[:300], "01")
    write_events(EVENTS[300:], "02")
    fold(province("01"))
    fold(province("02"))
    assert_facts_are(province("01"), EVENTS[:300])
    assert_facts_are(province("02"), EVENTS[300:])


def test_a_fold_ended_twice_in_the_middle_loses_and_doubles_nothing():
    write_events(EVENTS[:400])
    fold(province())
    write_events(EVENTS[400:])
    before = facts_of(province()), position_of(province())
    for is_process_killed in (False, True):
        with halted_fold() as (process, backend):
            if is_process_killed:
                process.kill()
            backend.terminate()
            process.communicate(timeout=60)
        assert process.returncode != 0
        assert (facts_of(province()), position_of(province())) == before
    assert fold(province()) == len(EVENTS) - 400
    assert_facts_are(province(), EVENTS)


def test_of_two_folds_at_once_one_does_the_work():
    write_events(EVENTS)
    fold_something = random_events(1, seed=2)
    fold(province())
    write_events(fold_something)
    with halted_fold() as (process, _backend):
        assert fold(province()) == 0
    out, errors = process.communicate(timeout=60)
    assert out.strip() == "1", errors
    assert_facts_are(province(), EVENTS + fold_something)


def test_an_older_transaction_that_commits_after_a_fold_is_not_missed():
    with owner_connection() as late:
        late.autocommit = False
        write_events(EVENTS[:50], using=late)
        write_events(EVENTS[50:100])
        assert fold(province()) == 0
        assert pending(province())[1]
        late.commit()
        assert fold(province()) == 100
    assert_facts_are(province(), EVENTS[:100])
    assert not pending(province())[1]


def test_an_open_transaction_holds_back_only_what_is_younger():
    write_events(EVENTS[:50])
    with owner_connection() as late:
        late.autocommit = False
        write_events(EVENTS[50:60], using=late)
        write_events(EVENTS[60:100])
        assert fold(province()) == 50
        late.rollback()
    assert fold(province()) == 40
    assert_facts_are(province(), EVENTS[:50] + EVENTS[60:100])


def test_a_rebuild_gives_the_same_facts():
    write_events(EVENTS)
    fold(province(), batch=100)
    folded = facts_of(province()), position_of(province())
    with owner_connection() as db:
        db.execute("UPDATE analytics_provinceday SET received = received + 1")
        db.execute("DELETE FROM analytics_openbydueday")
    assert rebuild(province(), batch=90) == len(EVENTS)
    assert (facts_of(province()), position_of(province())) == folded
