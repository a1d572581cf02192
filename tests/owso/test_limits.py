"""Counting in the process: the limit, each address by itself, a new window."""

from uuid import uuid4

from limits import parse

from owso.limits import LeasedCount, WindowCount


def test_an_address_has_its_limit_and_no_other_pays_for_it():
    count = WindowCount(parse("2 per minute"), clock=lambda: 0.0)
    assert [count.hit("10.0.0.1") for _ in range(3)] == [True, True, False]
    assert count.hit("10.0.0.2")


def test_a_new_window_begins_at_nought():
    now = [59.0]
    count = WindowCount(parse("1 per minute"), clock=lambda: now[0])
    assert count.hit("10.0.0.1")
    assert not count.hit("10.0.0.1")
    now[0] = 60.0
    assert count.hit("10.0.0.1")


def test_what_was_counted_can_be_forgotten():
    count = WindowCount(parse("1 per minute"), clock=lambda: 0.0)
    count.hit("10.0.0.1")
    count.clear()
    assert count.hit("10.0.0.1")


def test_processes_share_one_limit_though_they_count_some_uses_at_a_time(province):
    limit, processes = parse("120 per minute"), (LeasedCount(), LeasedCount())
    caller = str(uuid4())
    given = [processes[n % 2].is_within(limit, "shared", caller) for n in range(140)]
    assert given == [True] * 120 + [False] * 20


def test_a_share_that_nobody_used_is_lost_and_never_given_out_later(province):
    limit, now, caller = parse("120 per minute"), [0.0], str(uuid4())
    slow = LeasedCount(clock=lambda: now[0])
    assert slow.is_within(limit, "lost", caller)
    now[0] = 6.0
    given = sum(slow.is_within(limit, "lost", caller) for _ in range(140))
    assert given == 118


def test_a_small_limit_is_counted_use_by_use(province):
    limit, count, caller = parse("2 per minute"), LeasedCount(), str(uuid4())
    assert [count.is_within(limit, "few", caller) for _ in range(3)] == [True, True, False]
