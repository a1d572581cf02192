"""The recounts that verification makes: facts against events, and both against the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from analytics.facts import EVENT_COLUMNS, FACTS, SOURCES, Fact, recount

SHOWN = 20


@dataclass(frozen=True)
class Check:
    """A SELECT of the rows that differ: (key as JSON, what the figures say, what the ledger says).

    `is_recent` checks need only the last days and run every few minutes; all run every hour.
    """

    name: str
    statement: sql.Composed
    is_recent: bool


_FOLDED = sql.SQL("""
SELECT {} FROM requests_requestevent
WHERE (xact_id, id) <= (%(xact_id)s::text::xid8, %(event_id)s) AND occurred_on >= %(since)s
""").format(EVENT_COLUMNS)
_UNFOLDED = sql.SQL("""
SELECT {} FROM requests_requestevent
WHERE (xact_id, id) > (%(xact_id)s::text::xid8, %(event_id)s)
""").format(EVENT_COLUMNS)


def _facts_check(fact: Fact) -> Check:
    """Compare a fact with a recount of the events that were folded into it."""
    table, sums = sql.Identifier(fact.table), tuple(fact.sums)
    has_day = "day" in fact.keys
    in_time = sql.SQL("AND day >= %(since)s" if has_day else "")
    statement = sql.SQL("""
        WITH taken AS NOT MATERIALIZED ({taken}), {sources}, counted AS ({counted}), kept AS (
            SELECT * FROM {table} WHERE province_id = %(province)s {in_time}
        )
        SELECT json_build_object({keys}), json_build_array({kept}), json_build_array({counted_sums})
        FROM kept FULL JOIN counted USING (province_id, {columns})
        WHERE {differs} LIMIT {shown}
    """).format(
        taken=_FOLDED,
        sources=SOURCES,
        counted=recount(fact),
        table=table,
        in_time=in_time,
        keys=_pairs(fact),
        kept=_side("kept", sums),
        counted_sums=_side("counted", sums),
        columns=sql.SQL(", ").join(map(sql.Identifier, fact.keys)),
        differs=sql.SQL("({}) IS DISTINCT FROM ({})").format(
            _side("kept", sums), _side("counted", sums)
        ),
        shown=sql.Literal(SHOWN),
    )
    return Check(fact.table.removeprefix("analytics_"), statement, is_recent=has_day)


def _pairs(fact: Fact) -> sql.Composed:
    return sql.SQL(", ").join(
        sql.SQL("{}, {}").format(sql.Literal(column), sql.Identifier(column))
        for column in fact.keys
    )


def _side(alias: str, sums: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(
        sql.SQL("coalesce({}, 0)::bigint").format(sql.Identifier(alias, column)) for column in sums
    )


def _fact(name: str) -> Fact:
    return next(fact for fact in FACTS if fact.table == f"analytics_{name}")


def _ledger_check(
    name: str, fact: Fact, *, key: str, told: str, ledger: str, is_recent: bool = True
) -> Check:
    """Compare facts plus what is not folded yet with rows that know nothing of events.

    `told` picks from the fact's columns, `ledger` is a SELECT of (key, n).
    """
    statement = sql.SQL("""
        WITH taken AS NOT MATERIALIZED ({taken}), {sources}, all_facts AS (
            SELECT {columns} FROM {table} WHERE province_id = %(province)s
            UNION ALL {counted}
        ), told AS (
            SELECT picked.key, sum(picked.n)::bigint AS n
            FROM all_facts, LATERAL ({told}) AS picked (key, n)
            GROUP BY picked.key HAVING sum(picked.n) <> 0
        ), ledger AS (
            SELECT key, sum(n)::bigint AS n FROM ({ledger}) AS counted (key, n)
            GROUP BY key HAVING sum(n) <> 0
        )
        SELECT json_build_object({label}, key), json_build_array(coalesce(told.n, 0)),
            json_build_array(coalesce(ledger.n, 0))
        FROM told FULL JOIN ledger USING (key)
        WHERE told.n IS DISTINCT FROM ledger.n LIMIT {shown}
    """).format(
        taken=_UNFOLDED,
        sources=SOURCES,
        columns=sql.SQL(", ").join(map(sql.Identifier, fact.columns)),
        table=sql.Identifier(fact.table),
        counted=recount(fact),
        told=sql.SQL(told),
        ledger=sql.SQL(ledger),
        label=sql.Literal(key),
        shown=sql.Literal(SHOWN),
    )
    return Check(name, statement, is_recent)


def _by_day(column: str) -> str:
    return f"SELECT day, {column} WHERE day >= %(since)s"


def _requests(day: str, condition: str = "true") -> str:
    moment = f"(({day}) AT TIME ZONE 'Asia/Phnom_Penh')::date"
    return (
        f"SELECT {moment}, 1 FROM national_request "  # noqa: S608 - constants of this module
        f"WHERE {moment} >= %(since)s AND {condition}"
    )


def _money(table: str, column: str, amount: str) -> str:
    day = f"({column} AT TIME ZONE 'Asia/Phnom_Penh')::date"
    return f"SELECT {day}, {amount} FROM {table} WHERE {day} >= %(since)s"  # noqa: S608 - as above


_DAYS = (
    ("received", "received", _requests("registered_at")),
    ("completed_on_time", "completed_on_time", _requests("ready_at", "was_late IS NOT TRUE")),
    ("completed_late", "completed_late", _requests("ready_at", "was_late")),
    ("delivered", "delivered", _requests("delivered_at")),
    ("rejected", "rejected", _requests("closed_at", "state = 'rejected'")),
    ("withdrawn", "withdrawn", _requests("closed_at", "state = 'withdrawn'")),
    ("income_riel", "income_riel", _money("cashier_payment", "paid_at", "amount_riel")),
    ("payments", "payments", _money("cashier_receipt", "issued_at", "1")),
    ("reversals_riel", "reversals_riel", _money("cashier_reversal", "approved_at", "amount_riel")),
)
_RECEIPTS = Check(
    "receipts are gapless",
    sql.SQL("""
        SELECT json_build_object('office', office_id, 'year', year),
            json_build_array(max(number)), json_build_array(count(*))
        FROM cashier_receipt GROUP BY office_id, year
        HAVING max(number) <> count(*) OR min(number) <> 1 LIMIT {}
    """).format(sql.Literal(SHOWN)),
    is_recent=True,
)
_OPEN = _ledger_check(
    "open requests by due day",
    _fact("provinceopen"),
    key="due_on",
    told="SELECT due_on, n",
    ledger="SELECT due_on, 1 FROM national_request WHERE due_on IS NOT NULL",
)
_OPEN_OFFICE = _ledger_check(
    "open requests by office and service",
    _fact("openbydueday"),
    key="office_service_due",
    told="SELECT (office_id, service_id, due_on)::text, n",
    ledger="SELECT (office_id, service_id, due_on)::text, 1 FROM national_request "
    "WHERE due_on IS NOT NULL",
)
_DURATIONS = _ledger_check(
    "durations by day",
    _fact("durationcount"),
    key="day_minutes",
    told="SELECT (starts_on, minutes)::text, n WHERE grain = 'd' AND starts_on >= %(since)s",
    ledger="SELECT ((ready_at AT TIME ZONE 'Asia/Phnom_Penh')::date, duration_minutes)::text, 1 "
    "FROM national_request WHERE ready_at IS NOT NULL "
    "AND (ready_at AT TIME ZONE 'Asia/Phnom_Penh')::date >= %(since)s",
)

CHECKS = (
    *(_facts_check(fact) for fact in FACTS),
    *(
        _ledger_check(
            f"{name} by day",
            _fact("provinceday"),
            key="day",
            told=_by_day(column),
            ledger=ledger,
        )
        for name, column, ledger in _DAYS
    ),
    _OPEN,
    _OPEN_OFFICE,
    _DURATIONS,
    _RECEIPTS,
)
