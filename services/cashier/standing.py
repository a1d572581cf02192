"""How tills stand: the own one at a desk, and what of all of them asks for a chief."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, Sum

from services.cashier.models import (
    IN_HAND,
    Deposit,
    DepositState,
    OpenItem,
    TillSession,
    TillState,
)
from services.cashier.tills import money_of, till_in_hand
from services.offices.actors import Actor


@dataclass(frozen=True, slots=True)
class DeskTill:
    """Whose drawer the money goes into: the till in hand, and whether cash needs one here."""

    till: TillSession | None
    is_needed: bool
    is_late: bool


def desk_till(actor: Actor, office_id: int, *, today: date) -> DeskTill:
    """Return how the till of somebody who takes money stands; two queries, one with a till."""
    till = till_in_hand(actor.user_id)
    if till is not None:
        return DeskTill(till, is_needed=True, is_late=till.opened_on < today)
    return DeskTill(None, is_needed=money_of(office_id).tills_since is not None, is_late=False)


@dataclass(frozen=True, slots=True)
class TillsDue:
    """What of some offices' tills asks for a chief: each a number, money in riel and cents."""

    open: int
    overnight: int
    differences: int
    undeposited: int
    undeposited_riel: int
    undeposited_cents: int
    deposits_to_confirm: int
    items: int


def tills_due(office_ids: Collection[int], today: date) -> TillsDue:
    """Count what waits of the tills, deposits and payments by phone of some offices."""
    tills = TillSession.objects.filter(office_id__in=office_ids)
    waits = Q(state=TillState.CLOSED, deposit__isnull=True)
    sums = tills.aggregate(
        open=Count("id", filter=Q(state__in=IN_HAND)),
        overnight=Count("id", filter=Q(state__in=IN_HAND, opened_on__lt=today)),
        differences=Count("id", filter=Q(state=TillState.WAITING)),
        undeposited=Count("id", filter=waits),
        undeposited_riel=Sum(F("counted_riel") - F("float_riel"), filter=waits, default=0),
        undeposited_cents=Sum(F("counted_cents") - F("float_cents"), filter=waits, default=0),
    )
    made = Deposit.objects.filter(office_id__in=office_ids, state=DepositState.MADE)
    items = OpenItem.objects.filter(office_id__in=office_ids, settled_at__isnull=True)
    return TillsDue(**sums, deposits_to_confirm=made.count(), items=items.count())
