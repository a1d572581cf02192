"""Closing a till after a busy day: from the blind count to the Z-report on paper."""

import json
import secrets
from typing import Any
from uuid import uuid4

from services.cashier.drawers import drawer_of
from tests.benchmarks import load
from tests.benchmarks.installation import Installation, say
from tests.benchmarks.office_prepare import FLOAT_RIEL
from tests.benchmarks.office_rows import SETTINGS, plain_server, staff_of
from tests.benchmarks.rows import Row
from tests.benchmarks.web_rows import CSRF, expect

SERVICE, FEE_RIEL = "TOU-D-002", 5_000
"""A service of district offices with one exact fee, so that the drawer's sum is known."""
PAYMENTS = 300
CLIENTS = 8
RIEL = "riel_"


def till_close(site: Installation, size: str) -> list[Row]:
    """Count tills of several hundred payments exactly, and print the report of each."""
    places = staff_of(site, "tills")
    tills = [(place, till) for place in places for till in place["tills"]]
    with site.web(SETTINGS) as port:
        say(f"  taking {PAYMENTS} payments at each of {len(tills)} tills …")
        asks = [_payment(*tills[number % len(tills)]) for number in range(PAYMENTS * len(tills))]
        expect(load.run(iter(asks), port=port, clients=CLIENTS), 201)
        done = load.Outcome(0.0, [])
        counts, reports = load.Outcome(0.0, []), load.Outcome(0.0, [])
        for place, till in tills:
            counted = load.run(iter([_count(place, till)]), port=port, clients=1)
            report = load.run(iter([_report(place, till)]), port=port, clients=1)
            expect(counted, 302)
            # Any difference would have left the till open, without a Z-report.
            expect(report, 200)
            counts.add(counted)
            reports.add(report)
            done.add(load.Outcome(counted.seconds + report.seconds, [_sum(counted, report)]))
    with plain_server(site) as plain:
        floor = plain("")
    return [
        Row("till_close", done.rate, "tills/s", size, floor.rate, "plain DRF list, 25 rows"),
        Row("till_close_p50", done.percentile(0.5) * 1000, "ms", f"{PAYMENTS} paid"),
        Row("till_close_p95", done.percentile(0.95) * 1000, "ms", f"{PAYMENTS} paid"),
        Row("till_count_p95", counts.percentile(0.95) * 1000, "ms", f"{PAYMENTS} paid"),
        Row("till_report_p95", reports.percentile(0.95) * 1000, "ms", "PDF"),
    ]


def _sum(*outcomes: load.Outcome) -> float:
    return sum(outcome.times[0] for outcome in outcomes)


def _headers(till: dict[str, Any]) -> dict[str, str]:
    cookies = f"owso_session={till['session']}; csrftoken={CSRF}; owso_language=km"
    return {"Cookie": cookies, "X-CSRFToken": CSRF}


def _payment(place: dict[str, Any], till: dict[str, Any]) -> bytes:
    body = {
        "service": SERVICE,
        "office": till["office"],
        "applicant": {
            "full_name": "សុខ សុភា",
            "sex": "f",
            "phone": f"012{secrets.randbelow(900000) + 100000}",
        },
        "payment": {"method": "cash", "currency": "KHR"},
    }
    headers = _headers(till) | {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
    return load.post(
        "/api/v1/requests/", json.dumps(body).encode(), host=place["host"], headers=headers
    )


def _count(place: dict[str, Any], till: dict[str, Any]) -> bytes:
    drawer = drawer_of(FLOAT_RIEL + PAYMENTS * FEE_RIEL, 0)
    fields = {f"{RIEL}{value}": str(pieces) for value, pieces in drawer.riel.items() if pieces}
    return load.form("/till/count", fields, host=place["host"], headers=_headers(till))


def _report(place: dict[str, Any], till: dict[str, Any]) -> bytes:
    path = f"/till/{till['id']}/report.pdf"
    return load.get(path, host=place["host"], headers=_headers(till))
