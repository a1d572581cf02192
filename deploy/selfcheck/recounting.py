"""Folds what is left and recounts every province; prints ledger, facts and differences as JSON.

A program of its own, started inside the scratch installation once its processes have stopped.
"""

import json
import sys
from typing import Any

import django

django.setup()

from django.db.models import F, Sum  # noqa: E402 (after the set-up)

from analytics.folding import fold  # noqa: E402
from analytics.models import ProvinceDay  # noqa: E402
from analytics.verification import verify  # noqa: E402
from tenants.context import as_national  # noqa: E402
from tenants.models import Province  # noqa: E402


def main() -> None:
    """Recount one province after the other."""
    with as_national():
        provinces = list(Province.objects.order_by("code"))
    counted = {province.code: _recount(province) for province in provinces}
    sys.stdout.write(json.dumps(counted) + "\n")


def _recount(province: Province) -> dict[str, Any]:
    fold(province)
    result = verify(province)
    with as_national():
        facts = ProvinceDay.objects.filter(province=province).aggregate(
            requests=Sum("received", default=0),
            income_riel=Sum(F("income_riel") - F("reversals_riel"), default=0),
        )
    return {
        "events": result.totals.events,
        "requests": result.totals.requests,
        "income_riel": result.totals.income_riel,
        "facts_requests": facts["requests"],
        "facts_income_riel": facts["income_riel"],
        "differences": sorted({difference.check for difference in result.differences}),
    }


if __name__ == "__main__":
    main()
