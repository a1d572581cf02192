"""`python3 run.py bench`: measure everything, or what `--only` names, and print it."""

import argparse
import sys
import time
from collections.abc import Callable

from tests.benchmarks import (
    data_rows,
    forecast_rows,
    multiplying,
    office_rows,
    till_rows,
    web_rows,
    weight_rows,
)
from tests.benchmarks.installation import Installation, say, size_of
from tests.benchmarks.rows import Row, as_json

Measurement = Callable[[Installation, str], list[Row]]
MEASUREMENTS: dict[str, Measurement] = {
    "provision": lambda site, size: data_rows.provision(site),
    "cold_start": lambda site, size: data_rows.cold_start(),
    "import": lambda site, size: data_rows.imports(site),
    "tracking": web_rows.tracking,
    "advance": web_rows.advance,
    "register": web_rows.register,
    "queue": office_rows.queue,
    "request_page": office_rows.request_page,
    "search": office_rows.search,
    "till_close": till_rows.till_close,
    "page_weight": weight_rows.page_weight,
    "national_page": web_rows.national_page,
    "freshness": data_rows.freshness,
    "fold": data_rows.fold,
    "forecast": forecast_rows.forecast,
}
MOST_DRAWN = 250_000
"""So many requests are drawn one by one; larger sizes are copies of them."""
NEED_NOTHING = {"provision", "cold_start"}


def main() -> int:
    """Seed, measure, print; the last line is JSON with `--json`."""
    parser = argparse.ArgumentParser(prog="run.py bench")
    parser.add_argument("--json", action="store_true", help="end with one JSON line")
    parser.add_argument("--size", default="100k", help="requests to seed: 100k, 1M, 10M")
    parser.add_argument("--only", action="append", choices=MEASUREMENTS, help="one row's family")
    options = parser.parse_args()
    chosen = options.only or list(MEASUREMENTS)
    site = Installation()
    rows: list[Row] = []
    try:
        site.start()
        if set(chosen) - NEED_NOTHING:
            _seed(site, options.size)
        for name in chosen:
            say(f"measuring {name} …")
            for row in MEASUREMENTS[name](site, options.size):
                rows.append(row)
                sys.stdout.write(row.line() + "\n")
                sys.stdout.flush()
    finally:
        site.stop()
    if options.json:
        sys.stdout.write(as_json(rows) + "\n")
    return 0


def _seed(site: Installation, size: str) -> None:
    started = time.monotonic()
    say("provisioning the country …")
    site.manage("provision_all")
    factor = max(1, size_of(size) // MOST_DRAWN)
    drawn = size_of(size) // factor
    say(f"seeding {drawn:,} requests …")
    days = "60" if size_of(size) <= 200_000 else "365"
    site.manage("seed_demo", "--requests", str(drawn), "--days", days)
    site.manage("collectstatic", "--noinput", "--ignore", "rest_framework")
    say(f"folding … ({time.monotonic() - started:.0f} s so far)")
    site.manage("rebuild_facts")
    if factor > 1:
        say(f"copying them {factor - 1} times … ({time.monotonic() - started:.0f} s so far)")
        multiplying.multiply(site, factor)
    say(f"analysing … ({time.monotonic() - started:.0f} s so far)")
    site.sql("VACUUM ANALYZE")
    say(f"ready after {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
