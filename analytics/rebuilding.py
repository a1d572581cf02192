"""Computes the facts of a province anew from its events."""

from __future__ import annotations

from django.db import connection, transaction
from psycopg import sql

from analytics.facts import FACTS
from analytics.folding import BATCH, Position, fold_batch, lock_cursor
from owso.errors import Conflict
from tenants.context import national_of
from tenants.models import Province


def rebuild(province: Province, *, batch: int = BATCH) -> int:
    """Empty the facts of a province and fold all its events again; return how many.

    One transaction: a page sees the old facts until the new ones are complete. While it runs
    the figures of the whole nation stand still, because its transaction holds the horizon.
    Raises Conflict when a fold of the province is running.
    """
    with national_of(province), transaction.atomic():
        if lock_cursor(province) is None:
            raise Conflict("fold_running", "This province is being folded. Try again in a moment.")
        _empty(province)
        folded, position = 0, Position(0, 0)
        while taken := fold_batch(province, position, batch=batch):
            folded += taken
            position = _position(province)
        return folded


def _empty(province: Province) -> None:
    with connection.cursor() as cursor:
        for fact in FACTS:
            cursor.execute(
                sql.SQL("DELETE FROM {} WHERE province_id = %s").format(sql.Identifier(fact.table)),
                [province.pk],
            )
        cursor.execute(
            "UPDATE analytics_foldcursor SET xact_id = 0, event_id = 0, events_folded = 0 "
            "WHERE province_id = %s",
            [province.pk],
        )


def _position(province: Province) -> Position:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xact_id, event_id FROM analytics_foldcursor WHERE province_id = %s",
            [province.pk],
        )
        return Position(*cursor.fetchone())
