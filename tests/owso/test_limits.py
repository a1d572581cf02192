"""Counting in the process: the limit, each address by itself, a new window."""

from limits import parse

from owso.limits import WindowCount


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
