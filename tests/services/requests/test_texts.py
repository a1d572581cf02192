"""What people type: cleaned, or refused with the field named."""

from datetime import UTC, datetime, timedelta

import pytest

from owso.errors import Invalid
from services.requests.texts import (
    Fields,
    checked_now,
    clean_name,
    clean_note,
    clean_paper_number,
    clean_phone,
)
from tenants import clock


def _wrong(clean, *args, **kwargs):
    fields = Fields()
    clean(*args, field="it", fields=fields, **kwargs)
    return "it" in fields.wrong


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("012 345 678", "+85512345678"),
        ("០១២ ៣៤៥ ៦៧៨", "+85512345678"),
        ("012\u200b345\u200b678", "+85512345678"),
        ("+855 12 345 678", "+85512345678"),
        ("096-123-4567", "+855961234567"),
        ("", ""),
    ],
)
def test_a_phone_number_is_kept_as_e164(typed, stored):
    fields = Fields()

    assert clean_phone(typed, field="phone", fields=fields) == stored
    assert fields.wrong == {}


@pytest.mark.parametrize("typed", ["12", "1275", "abc", "012 345", "0" * 60, "\x00"])
def test_what_is_no_phone_number_is_refused(typed):
    assert _wrong(clean_phone, typed)


@pytest.mark.parametrize("typed", ["010234567", "០១០២៣៤៥៦៧", "010 234 567", "010\u200b234567"])
def test_a_national_card_has_nine_digits(typed):
    fields = Fields()

    number = clean_paper_number(typed, kind="national_id", field="id", fields=fields)

    assert number == "010234567"
    assert fields.wrong == {}


@pytest.mark.parametrize("typed", ["", "12345678", "1234567890", "01023456a", "０１０２３４５６７"])
def test_another_length_or_letter_is_no_card_number(typed):
    assert _wrong(clean_paper_number, typed, kind="national_id")


@pytest.mark.parametrize(
    "name", ["", "   ", "\u200b", "ក" * 201, "a\x00b", "a\nb", "\ud800", "x" * 10_000_000]
)
def test_a_name_that_cannot_be_kept_is_refused(name):
    assert _wrong(clean_name, name)


def test_a_name_of_two_hundred_characters_is_accepted():
    fields = Fields()

    assert len(clean_name("ក" * 200, field="name", fields=fields)) == 200
    assert fields.wrong == {}


def test_a_note_may_have_lines_but_no_control_characters():
    fields = Fields()

    assert clean_note("មួយ\nពីរ ", field="note", fields=fields) == "មួយ\nពីរ"
    assert fields.wrong == {}
    assert _wrong(clean_note, "a\x07b")


@pytest.mark.parametrize("length", [2_001, 10_000_000])
def test_a_note_is_at_most_two_thousand_characters(length):
    assert _wrong(clean_note, "x" * length)


def test_five_minutes_of_clock_skew_are_forgiven():
    moment = clock.now() + timedelta(minutes=4)

    assert checked_now(moment) == moment


@pytest.mark.parametrize(
    "moment",
    [datetime(1999, 12, 31, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)],
)
def test_a_time_in_the_future_or_long_past_is_refused(moment):
    with pytest.raises(Invalid) as refused:
        checked_now(moment)

    assert "now" in refused.value.fields
