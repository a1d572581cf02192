"""Background jobs of the national layer: fold soon after a commit, sweep, verify."""

from __future__ import annotations

from time import monotonic

import structlog
from django.core.cache import cache
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from analytics import standards
from analytics.folding import fold
from analytics.freshness import sweep_province
from analytics.verification import verify
from tenants.models import Province
from tenants.tasks import national_province_task, national_task

logger = structlog.get_logger(__name__)

# A fold starts this long after the first commit of a burst. Commits within it are already
# visible when it starts, so they need no task of their own.
GATHER_SECONDS = 1
_gathering: dict[str, float] = {}
"""Until when a fold that this process asked for has not begun, so that no other is needed."""


def enqueue_fold(schema_name: str) -> None:
    """Ask for a fold of a province, once for all commits within GATHER_SECONDS.

    A broker that is down is logged: the sweep folds the events.
    """
    now = monotonic()
    if now < _gathering.get(schema_name, now):
        return
    try:
        if cache.add("fold-enqueued", 1, timeout=GATHER_SECONDS):
            fold_province.apply_async((schema_name,), countdown=GATHER_SECONDS, expires=60)
            _gathering[schema_name] = now + GATHER_SECONDS
    except (RedisError, KombuError, OSError) as error:
        logger.warning("fold_not_enqueued", kind=type(error).__name__)


def forget_folds() -> None:
    """Ask for a fold at the next commit, whatever this process has asked for."""
    _gathering.clear()


@national_province_task()
def fold_province(province: Province) -> None:
    """Fold what is new in a province."""
    fold(province)


@national_task()
def sweep() -> None:
    """Fold what is new in every province; one that fails does not stop the others."""
    for province in Province.objects.order_by("code"):
        sweep_province(province)


@national_task()
def verify_recent() -> None:
    """Recount the last days of every province."""
    _verify_each(is_recent=True)


@national_task(soft_time_limit=3300, time_limit=3500)
def verify_all() -> None:
    """Recount everything of every province."""
    _verify_each(is_recent=False)


@national_task(soft_time_limit=1700, time_limit=1800)
def refresh_standards() -> None:
    """Work out the closed months of the public standard."""
    standards.refresh_standards()


def _verify_each(*, is_recent: bool) -> None:
    for province in Province.objects.order_by("code"):
        try:
            verify(province, is_recent=is_recent)
        except Exception:
            logger.exception("verification_failed", province=province.code)
