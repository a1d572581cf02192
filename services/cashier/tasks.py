"""Background jobs of the cashier: asking the bank about codes nobody looks at any more."""

from datetime import timedelta

import structlog
from celery import shared_task
from django.conf import settings
from django.db import DatabaseError

from owso.errors import DomainError, Unavailable
from services.cashier.actions.khqr import check_khqr
from services.cashier.bank import bank
from services.cashier.models import KhqrOrder, KhqrState
from services.offices.actors import system_actor
from tenants import clock
from tenants.context import each_province
from tenants.tasks import DEFAULTS

logger = structlog.get_logger(__name__)
ASKED_FOR = timedelta(days=1)
AT_ONCE = 50


@shared_task(**DEFAULTS)  # type: ignore[untyped-decorator]  # its options come as a mapping
def ask_banks() -> None:
    """Ask about every code of the last day that is not confirmed, in every province."""
    if not settings.KHQR_BANK_URL:
        return
    for province in each_province():
        try:
            ask_bank()
        except Unavailable:
            return
        except DatabaseError:
            logger.exception("khqr_sweep_failed", province=province.code)


def ask_bank() -> int:
    """Ask about the codes of the current province; return how many were confirmed.

    Raises Unavailable when the bank does not answer.
    """
    asked, confirmed = bank(), 0
    waiting = KhqrOrder.objects.filter(created_at__gt=clock.now() - ASKED_FOR).exclude(
        state=KhqrState.CONFIRMED
    )
    for order_id in waiting.order_by("created_at").values_list("id", flat=True)[:AT_ONCE]:
        try:
            order = check_khqr(order_id, by=system_actor("khqr"), asked=asked)
            confirmed += order.state == KhqrState.CONFIRMED
        except Unavailable:
            raise
        except DomainError as refusal:
            logger.warning("khqr_not_settled", order=order_id, code=refusal.code)
    return confirmed
