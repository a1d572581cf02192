"""Recounts provinces from their own ledgers and says where the national facts differ."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from psycopg import sql

from analytics.checks import CHECKS, Check
from analytics.facts import BUCKET_BOUNDS
from analytics.models import Verification
from analytics.periods import FIRST_DAY
from tenants import clock
from tenants.context import national_of
from tenants.models import Province

logger = structlog.get_logger(__name__)
RECENT_DAYS = 7


@dataclass(frozen=True)
class Difference:
    """One place where figures and ledger disagree: what, where, and both numbers."""

    check: str
    key: dict[str, Any]
    facts: list[int]
    ledger: list[int]


@dataclass(frozen=True)
class Totals:
    """What the figures of a province add up to, not folded events included."""

    events: int
    requests: int
    income_riel: int


@dataclass(frozen=True)
class VerificationResult:
    """The outcome of one recount, taken at one moment of the database."""

    province_code: str
    scope: str
    verified_at: datetime
    totals: Totals
    differences: tuple[Difference, ...]

    @property
    def is_equal(self) -> bool:
        """Whether nothing differs, to the request, the minute and the riel."""
        return not self.differences


def verify(province: Province, *, is_recent: bool = False) -> VerificationResult:
    """Recount a province and store the outcome.

    `is_recent` looks at the last RECENT_DAYS days and what is open now; otherwise everything
    is counted. Reads one snapshot, so offices go on working meanwhile and the fold too.
    """
    scope = Verification.Scope.RECENT if is_recent else Verification.Scope.FULL
    since = clock.today() - timedelta(days=RECENT_DAYS) if is_recent else FIRST_DAY
    with national_of(province):
        with _one_snapshot() as verified_at:
            params = _params(province, since)
            differences = tuple(
                difference
                for check in CHECKS
                if check.is_recent or not is_recent
                for difference in _differences(check, params)
            )
            totals = _totals(params)
        result = VerificationResult(province.code, scope, verified_at, totals, differences)
        _store(province, result)
    if not result.is_equal:
        logger.error(
            "facts_differ_from_ledger",
            province=province.code,
            checks=sorted({difference.check for difference in differences}),
        )
    return result


@contextmanager
def _one_snapshot() -> Iterator[datetime]:
    """Read everything as of one moment; inside a caller's transaction its isolation stands."""
    is_nested = connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # role and search path are set before the transaction begins
        with transaction.atomic():
            if not is_nested:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT clock_timestamp()")
            yield cursor.fetchone()[0]


def _params(province: Province, since: date) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(xact_id), 0), coalesce(max(event_id), 0) "
            "FROM analytics_foldcursor WHERE province_id = %s",
            [province.pk],
        )
        xact_id, event_id = cursor.fetchone()
    return {
        "province": province.pk,
        "since": since,
        "xact_id": xact_id,
        "event_id": event_id,
        "bounds": list(BUCKET_BOUNDS),
    }


def _differences(check: Check, params: dict[str, Any]) -> list[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(check.statement, params)
        return [
            Difference(check.name, key, facts, ledger) for key, facts, ledger in cursor.fetchall()
        ]


def _totals(params: dict[str, Any]) -> Totals:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "SELECT (SELECT count(*) FROM requests_requestevent), "
                "(SELECT count(*) FROM national_request WHERE registered_at IS NOT NULL), "
                "(SELECT coalesce(sum(amount_riel), 0)::bigint FROM cashier_payment)"
                " - (SELECT coalesce(sum(amount_riel), 0)::bigint FROM cashier_reversal)"
            ),
            params,
        )
        return Totals(*cursor.fetchone())


def _store(province: Province, result: VerificationResult) -> None:
    facts = {
        "verified_at": result.verified_at,
        "is_equal": result.is_equal,
        **asdict(result.totals),
        "differences": [asdict(difference) for difference in result.differences],
    }
    if result.is_equal:
        facts["equal_at"] = result.verified_at
    Verification.objects.update_or_create(province=province, scope=result.scope, defaults=facts)
