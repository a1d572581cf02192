"""Fees as a pure function over the fee table, the answers of the case and a quantity."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from owso.errors import Invalid
from services.catalogue.kinds import Ceiling, Standing
from services.catalogue.terms import DimensionTerms, RuleTerms, TierTerms

LONGEST_QUANTITY = 40
KHMER_DIGITS = {ord("០") + digit: str(digit) for digit in range(10)}
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00a0 \t\r\n"))
WHOLE_NUMBER = re.compile(r"-?[0-9]+")


@dataclass(frozen=True)
class Quote:
    """A fee of the catalogue for one case: whole riel for one unit and for the quantity.

    For a maximum, ``amount_riel`` is the most that may be asked.
    """

    tier_id: int
    unit_riel: int
    quantity: int
    amount_riel: int
    ceiling: Ceiling
    standing: Standing

    @property
    def is_maximum(self) -> bool:
        """Say whether less than the amount may be asked."""
        return self.ceiling == Ceiling.MAXIMUM


def quote(rule: RuleTerms, *, values: Mapping[str, str], quantity: int) -> Quote:
    """Give the fee the catalogue sets for these answers and this quantity.

    Raises Invalid with the code ``quantity_not_positive``, ``quantity_too_large``,
    ``fee_value_missing``, ``fee_value_unknown``, ``fee_dimension_unknown`` or
    ``fee_not_in_catalogue``; its fields are ``quantity`` and the codes of the dimensions.
    """
    _check_quantity(rule, quantity)
    _check_values(rule, values)
    tier = _tier_for(rule, values)
    return Quote(
        tier_id=tier.id,
        unit_riel=tier.amount_riel,
        quantity=quantity,
        amount_riel=tier.amount_riel * quantity,
        ceiling=tier.ceiling,
        standing=tier.standing,
    )


def parse_quantity(text: str) -> int:
    """Read a typed quantity: Khmer or Arabic digits, with or without invisible spaces.

    Raises Invalid with the code ``quantity_not_a_number``.
    """
    typed = text[: LONGEST_QUANTITY + 1].translate(INVISIBLE).translate(KHMER_DIGITS)
    if len(text) > LONGEST_QUANTITY or not WHOLE_NUMBER.fullmatch(typed):
        raise _invalid(
            "quantity_not_a_number",
            _("The quantity is not a whole number. Type digits only, for example 3."),
            at="quantity",
        )
    return int(typed)


def _check_quantity(rule: RuleTerms, quantity: int) -> None:
    if quantity < 1:
        raise _invalid(
            "quantity_not_positive",
            _("The quantity must be at least 1."),
            at="quantity",
        )
    if quantity > rule.quantity_max:
        raise _invalid(
            "quantity_too_large",
            format_lazy(
                _("The quantity is at most {most} in one request. Register the rest separately."),
                most=rule.quantity_max,
            ),
            at="quantity",
        )


def _check_values(rule: RuleTerms, values: Mapping[str, str]) -> None:
    asked = {dimension.code for dimension in rule.dimensions}
    for code in values:
        if code not in asked:
            raise _invalid(
                "fee_dimension_unknown",
                _("The fee of this service does not depend on that. Choose the service again."),
                at=code,
            )
    for dimension in rule.dimensions:
        _check_value(dimension, values.get(dimension.code, ""))


def _check_value(dimension: DimensionTerms, value: str) -> None:
    if not value:
        raise _invalid(
            "fee_value_missing",
            _("The fee depends on this. Choose one of the answers."),
            at=dimension.code,
        )
    if value not in {known.code for known in dimension.values}:
        raise _invalid(
            "fee_value_unknown",
            _("That answer is not in the fee table. Choose one of the answers shown."),
            at=dimension.code,
        )


def _tier_for(rule: RuleTerms, values: Mapping[str, str]) -> TierTerms:
    for tier in rule.tiers:
        if tier.conditions == values:
            return tier
    raise Invalid(
        "fee_not_in_catalogue",
        _("The catalogue sets no fee for this case, so none may be charged. Ask the ministry."),
    )


def _invalid(code: str, message: str | Promise, *, at: str) -> Invalid:
    return Invalid(code, message, fields={at: message})
