"""Codes are read out of whatever people type or paste; a mistake is named and mended if it can."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.requests.codes import ALPHABET, format_code, new_code, parse_code
from services.requests.typed_codes import Mistake, Wrong, _repaired, read_code

CODE = "01K7Q4M7TD3X" + next(each for each in ALPHABET if parse_code("01K7Q4M7TD3X" + each))
PRINTED = format_code(CODE)


@pytest.mark.parametrize(
    "text",
    [
        PRINTED,
        f" {PRINTED.lower().replace('-', ' ')} ",
        f"O1{PRINTED[2:]}",
        f"០១{PRINTED[2:]}",
        f"លេខកូដរបស់ខ្ញុំគឺ {PRINTED} សូមអរគុណ",
        f"http://owso.gov.kh/t/{PRINTED}?lang=en",
        f"My code is {CODE}, phone 012 345 678, received 23 11 2026.",
        f"Tel. 012 345 678 code: {PRINTED[:8]}\u200b\n{PRINTED[9:]}",
        "x" * 1_900 + f" {PRINTED}",
    ],
)
def test_the_code_is_found_in_what_was_pasted(text):
    assert read_code(text) == CODE


@pytest.mark.parametrize(
    ("text", "wrong", "length"),
    [
        ("", Wrong.EMPTY, 0),
        ("ខ្មែរ!", Wrong.EMPTY, 0),
        (CODE[:12], Wrong.SHORT, 12),
        (f"{CODE}77", Wrong.LONG, 15),
        (f"{CODE[:5]}U{CODE[6:]}", Wrong.LETTER, 13),
        (f"AB{CODE[2:]}", Wrong.PROVINCE, 13),
    ],
)
def test_what_is_no_code_is_told_by_its_mistake(text, wrong, length):
    found = read_code(text)
    assert (found.wrong, found.length) == (wrong, length)


def test_a_letter_that_never_occurs_is_named_and_mended():
    meant = next(code for _ in range(9_999) if "V" in (code := new_code("01"))[2:])
    place = meant.index("V")
    found = read_code(f"{meant[:place]}U{meant[place + 1 :]}")
    assert found.letter == "U"
    assert meant in found.likely


@given(st.integers(0, 11), st.integers(0, 2**50 - 1))
def test_swapped_neighbours_are_always_among_the_repairs(place, number):
    body = "01" + "".join(ALPHABET[(number >> 5 * digit) % 32] for digit in range(10))
    for code in filter(parse_code, (body + each for each in ALPHABET)):
        swapped = f"{code[:place]}{code[place + 1]}{code[place]}{code[place + 2 :]}"
        assert swapped == code or code in set(_repaired(swapped))
        assert len(getattr(read_code(swapped), "likely", ())) <= 3


@given(st.text(max_size=120))
def test_nothing_that_is_typed_breaks_it(text):
    found = read_code(text)
    assert isinstance(found, Mistake) or parse_code(found) == found
