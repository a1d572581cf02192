"""What each fact is made of: the one declaration behind the fold, the rebuild and the recount."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from psycopg import sql

LONGEST_MINUTES = 20 * 366 * 24 * 60
CLOCK_STOPPED = "9999-12-31"


def _bucket_bounds() -> tuple[int, ...]:
    """Every minute up to 16, then steps of a sixteenth; the first takes what is below zero."""
    bounds = [-(2**31)]
    bound = 0
    while bound < LONGEST_MINUTES:
        bounds.append(bound)
        bound = max(bound + 1, bound * 17 // 16)
    return tuple(bounds)


BUCKET_BOUNDS = _bucket_bounds()


def bucket_of(minutes: int) -> int:
    """Return the lower bound, in minutes, of the bucket that a duration falls into."""
    return BUCKET_BOUNDS[bisect_right(BUCKET_BOUNDS, minutes) - 1]


def bucket_end(from_minutes: int) -> int:
    """Return the first minute beyond the bucket that starts at `from_minutes`."""
    following = bisect_right(BUCKET_BOUNDS, from_minutes)
    return BUCKET_BOUNDS[following] if following < len(BUCKET_BOUNDS) else 2**31 - 1


@dataclass(frozen=True)
class Fact:
    """A table of sums: its source, the columns that make its key, and what is summed."""

    table: str
    source: str
    keys: Mapping[str, str]
    sums: Mapping[str, str]

    @property
    def columns(self) -> tuple[str, ...]:
        return ("province_id", *self.keys, *self.sums)


def _count(condition: str) -> str:
    return f"count(*) FILTER (WHERE {condition})"


MEASURES = {
    "received": _count("kind = 'registered'"),
    "incomplete": _count("kind = 'received'"),
    "completed_on_time": _count("kind = 'ready' AND was_late IS NOT TRUE"),
    "completed_late": _count("kind = 'ready' AND was_late"),
    "delivered": _count("kind = 'delivered'"),
    "rejected": _count("kind = 'rejected'"),
    "withdrawn": _count("kind = 'withdrawn'"),
    "payments": _count("kind = 'paid'"),
    "income_riel": "coalesce(sum(amount_riel) FILTER (WHERE kind = 'paid'), 0)",
    "reversals": _count("kind = 'reversed'"),
    "reversals_riel": "coalesce(-sum(amount_riel) FILTER (WHERE kind = 'reversed'), 0)",
}
FORWARDED = {
    "forwarded_in": _count("kind = 'forwarded'"),
    "forwarded_out": _count("kind = 'forwarded_out'"),
}
_OFFICE_SERVICE = {"office_id": "office_id", "service_id": "service_id"}
_MONTH = {"month": "date_trunc('month', day)::date"}
_N = {"n": "count(*)"}

FACTS = (
    Fact("analytics_provinceday", "office_side", {"day": "day"}, MEASURES),
    Fact(
        "analytics_officeserviceday",
        "office_side",
        {**_OFFICE_SERVICE, "day": "day"},
        {**MEASURES, **FORWARDED},
    ),
    Fact(
        "analytics_stageday",
        "stage_side",
        {**_OFFICE_SERVICE, "stage_code": "stage_code", "day": "day"},
        {
            "entered": _count("has_entered"),
            "departed": _count("NOT has_entered"),
            "late": _count("was_late"),
            "dwell_minutes": "coalesce(sum(minutes), 0)",
        },
    ),
    Fact(
        "analytics_stagedwell",
        "dwell_side",
        {
            "service_id": "service_id",
            "stage_code": "stage_code",
            **_MONTH,
            "minutes": "minutes",
        },
        _N,
    ),
    Fact(
        "analytics_durationcount",
        "grain_side",
        {"grain": "grain", "starts_on": "starts_on", "minutes": "minutes"},
        _N,
    ),
    Fact(
        "analytics_durationbucket",
        "grain_side",
        {
            "grain": "grain",
            "starts_on": "starts_on",
            "from_minutes": "(%(bounds)s::int[])[width_bucket(minutes, %(bounds)s::int[])]",
        },
        _N,
    ),
    Fact(
        "analytics_officeserviceduration",
        "duration_side",
        {**_OFFICE_SERVICE, **_MONTH, "minutes": "minutes"},
        _N,
    ),
    Fact("analytics_provinceopen", "due_side", {"due_on": "due_on"}, {"n": "sum(delta)"}),
    Fact(
        "analytics_openbydueday",
        "due_side",
        {**_OFFICE_SERVICE, "due_on": "due_on"},
        {"n": "sum(delta)"},
    ),
)
OPEN_FACTS = tuple(fact for fact in FACTS if fact.source == "due_side")

EVENT_COLUMNS = sql.SQL(
    "xact_id, id, kind, occurred_on AS day, office_id, office_before_id, service_id, stage_left, "
    "stage_entered, dwell_minutes, stage_was_late, due_on_before, due_on_after, amount_riel, "
    "duration_minutes, was_late"
)

# Each source turns one event into the rows that a fact counts. A forwarded request leaves one
# office and enters another: what is left behind belongs to `office_before_id`.
SOURCES = sql.SQL("""
office_side AS (
    SELECT office_id, service_id, day, kind, was_late, amount_riel FROM taken
    UNION ALL
    SELECT office_before_id, service_id, day, 'forwarded_out', NULL, 0 FROM taken
    WHERE kind = 'forwarded'
), stage_side AS (
    SELECT coalesce(office_before_id, office_id) AS office_id, service_id, day,
        stage_left AS stage_code, false AS has_entered, stage_was_late AS was_late,
        dwell_minutes AS minutes
    FROM taken WHERE stage_left <> ''
    UNION ALL
    SELECT office_id, service_id, day, stage_entered, true, NULL, NULL
    FROM taken WHERE stage_entered <> ''
), dwell_side AS (
    SELECT service_id, stage_left AS stage_code, day, dwell_minutes AS minutes
    FROM taken WHERE stage_left <> '' AND dwell_minutes IS NOT NULL
), duration_side AS (
    SELECT office_id, service_id, day, duration_minutes AS minutes
    FROM taken WHERE kind = 'ready' AND duration_minutes IS NOT NULL
), grain_side AS (
    SELECT grain, starts_on, minutes
    FROM duration_side, LATERAL (VALUES
        ('d', day),
        ('m', date_trunc('month', day)::date),
        ('y', date_trunc('year', day)::date)
    ) AS stretch (grain, starts_on)
), due_side AS (
    SELECT coalesce(office_before_id, office_id) AS office_id, service_id,
        due_on_before AS due_on, -1 AS delta
    FROM taken WHERE due_on_before IS NOT NULL
    UNION ALL
    SELECT office_id, service_id, due_on_after, 1 FROM taken WHERE due_on_after IS NOT NULL
)""")


def recount(fact: Fact) -> sql.Composed:
    """Return the SELECT that computes a fact from the rows named `taken`."""
    named = [
        sql.SQL("{} AS {}").format(sql.SQL(expression), sql.Identifier(column))
        for column, expression in {**fact.keys, **fact.sums}.items()
    ]
    return sql.SQL("SELECT %(province)s AS province_id, {} FROM {} GROUP BY {}").format(
        sql.SQL(", ").join(named),
        sql.Identifier(fact.source),
        sql.SQL(", ").join(sql.SQL(str(place + 2)) for place in range(len(fact.keys))),
    )


def upsert(fact: Fact) -> sql.Composed:
    """Return the INSERT that adds what `recount` finds to the fact's table."""
    table = sql.Identifier(fact.table)
    added = [
        sql.SQL("{0} = {1}.{0} + excluded.{0}").format(sql.Identifier(column), table)
        for column in fact.sums
    ]
    return sql.SQL("INSERT INTO {} ({}) {} ON CONFLICT ({}) DO UPDATE SET {}").format(
        table,
        sql.SQL(", ").join(map(sql.Identifier, fact.columns)),
        recount(fact),
        sql.SQL(", ").join(map(sql.Identifier, ("province_id", *fact.keys))),
        sql.SQL(", ").join(added),
    )
