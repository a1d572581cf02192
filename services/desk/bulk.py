"""Which services are done by the pile at the counter, and the prices they are done at."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.catalogue.terms import TierTerms, VersionTerms

LEGALISATION = frozenset({"check", "sign", "seal"})
"""Stages of legalising a copy: nothing is drafted, visited or decided in between."""


@dataclass(frozen=True, slots=True)
class Price:
    """One price of one service, so that a single choice names both."""

    terms: VersionTerms
    tier: TierTerms

    @property
    def code(self) -> str:
        """What a form calls this price."""
        return f"{self.terms.service_code}.{self.tier.code}"


def bulk_prices(offered: Iterable[VersionTerms]) -> tuple[Price, ...]:
    """Return every price of the services that are legalised by the copy, in catalogue order."""
    return tuple(
        Price(terms, tier)
        for terms in offered
        if terms.fee.takes_quantity and {stage.code for stage in terms.stages} == LEGALISATION
        for tier in terms.fee.tiers
    )
