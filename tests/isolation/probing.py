"""Tasks that tell where they stand, for a worker process of their own."""

import json
import os

import redis
from celery import shared_task
from django.db import connection

from tenants.models import Province
from tenants.tasks import province_task
from tests.isolation.tables import outcome, own_offices, standing, tables_of

ANSWERS = "isolation-answers"


class PlannedFailure(Exception):
    """What the task that fails raises."""


def tell(answer: object) -> None:
    """Leave an answer for the test."""
    redis.from_url(os.environ["REDIS_URL"]).rpush(ANSWERS, json.dumps(answer))


@province_task()
def look_around(province: Province, neighbour: str) -> None:
    """Say where the task stands and how many tables of the neighbour were open."""
    opened = [table.name for table in tables_of(neighbour) if outcome(table) != "refused"]
    tell([province.code, list(standing()), sorted(own_offices()), opened])


@province_task()
def fail_midway(province: Province) -> None:
    """Break a transaction and leave it to the worker."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT code FROM offices_office LIMIT 1")
    raise PlannedFailure(province.code)


@shared_task(ignore_result=True)
def look_without_province() -> None:
    """Say where a task stands that no province was given to."""
    tell(["", list(standing()), [], []])
