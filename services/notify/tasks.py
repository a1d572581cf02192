"""Background jobs: find what is new in each province, then send channel by channel."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.db import DatabaseError
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from owso.database.access import current
from services.notify.actions import forget_addresses, send_due, tell
from services.notify.breaker import place_to_send
from services.notify.channels import providers_of
from services.notify.queries import due_channels
from services.offices.actors import system_actor
from tenants import clock
from tenants.context import each_province
from tenants.models import Province
from tenants.tasks import DEFAULTS, province_task

logger = structlog.get_logger(__name__)
EXPIRES = 60
AT_ONCE = 100
BATCHES = 3


@shared_task(**DEFAULTS)  # type: ignore[untyped-decorator]  # its options come as a mapping
def look_everywhere() -> None:
    """Make messages of what is new in every province and have them sent; a failure stops none."""
    for province in each_province():
        try:
            tell(batches=BATCHES)
            channels = due_channels(clock.now())
        except DatabaseError:
            logger.exception("telling_failed", province=province.code)
            continue
        for channel in channels:
            if providers_of(channel):
                enqueue_sending(channel)


def enqueue_sending(channel: str) -> None:
    """Have a channel of the current province sent; the next look does it when no broker answers."""
    try:
        send_channel.apply_async((current().schema_name, channel), expires=EXPIRES)
    except (RedisError, KombuError, OSError) as error:
        logger.warning("sending_not_enqueued", kind=type(error).__name__)


@province_task()
def send_channel(_province: Province, channel: str) -> None:
    """Send what is due, if this province and its channel have a place to send from."""
    with place_to_send(channel) as has_place:
        if has_place:
            send_due(channel, most=AT_ONCE)


@shared_task(**DEFAULTS)  # type: ignore[untyped-decorator]  # its options come as a mapping
def forget_everywhere() -> None:
    """Take addresses away that nobody needs any more, in every province."""
    by = system_actor("notify")
    for province in each_province():
        try:
            forgotten = forget_addresses(by=by)
        except DatabaseError:
            logger.exception("forgetting_failed", province=province.code)
            continue
        if forgotten.followings or forgotten.messages:
            logger.info(
                "addresses_forgotten",
                followings=forgotten.followings,
                messages=forgotten.messages,
            )
