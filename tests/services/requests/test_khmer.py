"""Khmer names compared: two spellings of one name are one name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.requests.khmer import arabic_digits, mask, normalise


def test_both_spellings_under_the_coeng_are_the_same():
    assert normalise("ស្ដុង") == normalise("ស្តុង")


def test_a_letter_that_is_not_under_the_coeng_stays():
    assert normalise("ដារ៉ា") != normalise("តារ៉ា")


@pytest.mark.parametrize("hidden", ["\u200b", "\u200c", "\u200d", "\ufeff", "\u2060"])
def test_characters_of_no_width_do_not_count(hidden):
    assert normalise(f"សុខ{hidden}ដារ៉ា") == normalise("សុខដារ៉ា")


def test_khmer_digits_are_arabic():
    assert arabic_digits("០១២៣៤៥៦៧៨៩") == "0123456789"
    assert normalise("ផ្ទះ ១២") == "ផ្ទះ 12"


def test_spaces_and_letters_are_folded():
    assert normalise("  Sok \t DARA ") == "sok dara"


@given(st.text(max_size=80))
def test_what_is_normalised_stays_as_it_is(text):
    once = normalise(text)

    assert normalise(once) == once


def test_a_masked_name_keeps_the_first_cluster_of_each_word():
    assert mask("ស្រី ដារ៉ា") == "ស្រី… ដា…"
    assert mask("Sok Dara") == "S… D…"
    assert mask("") == ""
