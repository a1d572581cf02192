"""Fees: the rules one by one, and what holds for every fee table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from owso.errors import Invalid
from services.catalogue.fees import parse_quantity, quote
from services.catalogue.kinds import Ceiling, FeeKind, Standing
from services.catalogue.terms import (
    DimensionTerms,
    InstrumentTerms,
    RuleTerms,
    TierTerms,
    ValueTerms,
)

INSTRUMENT = InstrumentTerms(1, "text", "prakas", "1", "ប្រកាស", "Prakas", None, "")
AREA = DimensionTerms(
    "area", "ទំហំ", "Area", (ValueTerms("small", "តូច", "Small"), ValueTerms("large", "ធំ", "Large"))
)
PRICE = DimensionTerms(
    "price",
    "តម្លៃ",
    "Price",
    (ValueTerms("full", "ពេញ", "Full"), ValueTerms("reduced", "អនុគ្រោះ", "Reduced")),
)


def tier(number, amount, ceiling=Ceiling.EXACT, **conditions):
    return TierTerms(number, str(number), "", "", conditions, ceiling, amount, Standing.SOURCED)


def rule(*tiers, dimensions=(), quantity_max=1, kind=FeeKind.FLAT):
    return RuleTerms(
        1, kind, "ច្បាប់", "copy", quantity_max, INSTRUMENT, tuple(dimensions), tuple(tiers)
    )


BY_AREA_AND_PRICE = rule(
    tier(1, 50_000, Ceiling.MAXIMUM, area="small", price="full"),
    tier(2, 37_500, area="small", price="reduced"),
    tier(3, 100_000, Ceiling.MAXIMUM, area="large", price="full"),
    dimensions=(AREA, PRICE),
    quantity_max=20,
    kind=FeeKind.BY_DIMENSION,
)


def refused(call):
    with pytest.raises(Invalid) as caught:
        call()
    return caught.value


def test_a_flat_fee_is_its_amount():
    found = quote(rule(tier(7, 40_000)), values={}, quantity=1)
    assert (found.tier_id, found.unit_riel, found.amount_riel) == (7, 40_000, 40_000)
    assert not found.is_maximum


def test_a_fee_for_each_unit_is_multiplied():
    found = quote(rule(tier(1, 5_000), quantity_max=200), values={}, quantity=12)
    assert (found.unit_riel, found.quantity, found.amount_riel) == (5_000, 12, 60_000)


def test_a_free_service_costs_nothing_at_any_quantity():
    found = quote(rule(tier(1, 0), quantity_max=9, kind=FeeKind.FREE), values={}, quantity=9)
    assert found.amount_riel == 0


def test_the_answers_choose_the_tier():
    found = quote(BY_AREA_AND_PRICE, values={"price": "reduced", "area": "small"}, quantity=2)
    assert (found.tier_id, found.amount_riel, found.is_maximum) == (2, 75_000, False)


def test_a_maximum_says_that_less_may_be_asked():
    found = quote(BY_AREA_AND_PRICE, values={"price": "full", "area": "small"}, quantity=1)
    assert found.is_maximum
    assert found.ceiling == Ceiling.MAXIMUM


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"area": "small"}, "fee_value_missing", "price"),
        ({"area": "small", "price": ""}, "fee_value_missing", "price"),
        ({"area": "huge", "price": "full"}, "fee_value_unknown", "area"),
        ({"area": "small", "price": "full", "colour": "red"}, "fee_dimension_unknown", "colour"),
    ],
)
def test_wrong_answers_are_named(values, code, field):
    error = refused(lambda: quote(BY_AREA_AND_PRICE, values=values, quantity=1))
    assert (error.code, list(error.fields)) == (code, [field])


def test_a_case_the_table_does_not_price_cannot_be_charged():
    values = {"area": "large", "price": "reduced"}
    error = refused(lambda: quote(BY_AREA_AND_PRICE, values=values, quantity=1))
    assert error.code == "fee_not_in_catalogue"


def test_answers_to_a_flat_fee_are_refused():
    error = refused(lambda: quote(rule(tier(1, 1)), values={"area": "small"}, quantity=1))
    assert error.code == "fee_dimension_unknown"


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        (0, "quantity_not_positive"),
        (-3, "quantity_not_positive"),
        (21, "quantity_too_large"),
        (10**12, "quantity_too_large"),
    ],
)
def test_absurd_quantities_are_refused(quantity, code):
    values = {"area": "small", "price": "full"}
    error = refused(lambda: quote(BY_AREA_AND_PRICE, values=values, quantity=quantity))
    assert (error.code, list(error.fields)) == (code, ["quantity"])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3),
        ("១២", 12),
        ("១2", 12),
        (" 7\u200b ", 7),
        ("\u200b១\u200b០\ufeff", 10),
        ("-2", -2),
        ("007", 7),
    ],
)
def test_quantities_are_read_as_people_type_them(text, number):
    assert parse_quantity(text) == number


@pytest.mark.parametrize(
    "text", ["", " ", "three", "1.5", "1e3", "٣", "--1", "1-", "9" * 10_000_000]
)
def test_what_is_no_whole_number_is_refused(text):
    error = refused(lambda: parse_quantity(text))
    assert error.code == "quantity_not_a_number"
    assert list(error.fields) == ["quantity"]


AMOUNTS = st.integers(min_value=0, max_value=5_000_000)
QUANTITIES = st.integers(min_value=1, max_value=1_000)


@given(AMOUNTS, QUANTITIES)
def test_the_amount_is_always_unit_times_quantity(amount, quantity):
    found = quote(rule(tier(1, amount), quantity_max=1_000), values={}, quantity=quantity)
    assert found.amount_riel == found.unit_riel * found.quantity == amount * quantity


@given(AMOUNTS, st.integers(max_value=0) | st.integers(min_value=1_001))
def test_no_quantity_outside_the_limits_ever_gets_a_quote(amount, quantity):
    error = refused(
        lambda: quote(rule(tier(1, amount), quantity_max=1_000), values={}, quantity=quantity)
    )
    assert error.code.startswith("quantity_")


@given(
    st.dictionaries(
        st.sampled_from(["area", "price", "other"]),
        st.sampled_from(["small", "full", "reduced", ""]),
    )
)
def test_a_quote_always_comes_from_the_tier_with_just_these_answers(values):
    try:
        found = quote(BY_AREA_AND_PRICE, values=values, quantity=1)
    except Invalid:
        assert values not in [known.conditions for known in BY_AREA_AND_PRICE.tiers]
    else:
        chosen = next(known for known in BY_AREA_AND_PRICE.tiers if known.id == found.tier_id)
        assert chosen.conditions == values


@given(st.integers(min_value=-(10**9), max_value=10**9))
def test_khmer_and_arabic_digits_read_the_same(number):
    khmer = str(number).translate({ord(str(digit)): chr(ord("០") + digit) for digit in range(10)})
    assert parse_quantity(khmer) == parse_quantity(str(number)) == number


@given(st.text(alphabet="0123456789០១៩-\u200b x", max_size=50))
def test_any_text_is_a_number_or_a_clear_refusal(text):
    bare = text.replace("\u200b", "").replace(" ", "")
    digits = bare.removeprefix("-")
    if len(text) <= 40 and digits and not set(digits) & set("-x"):
        assert isinstance(parse_quantity(text), int)
    else:
        assert refused(lambda: parse_quantity(text)).code == "quantity_not_a_number"
