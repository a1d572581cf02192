"""Reads of tills: what a drawer should hold, X- and Z-reports, and the lists of an office."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from owso.accounts.permissions import Verb
from owso.errors import NotFound
from services.cashier.models import (
    IN_HAND,
    Currency,
    Deposit,
    KhqrOrder,
    Method,
    OfficeMoney,
    OpenItem,
    Payment,
    Reversal,
    TillSession,
    TillState,
)
from services.offices.actors import Actor
from services.offices.models import Counter

_CASH = Q(method=Method.CASH)
_RIEL = _CASH & Q(currency=Currency.KHR)
_DOLLARS = _CASH & Q(currency=Currency.USD)


@dataclass(frozen=True, slots=True)
class ReceiptRange:
    """The first and last receipt of a year that a till gave, and how many."""

    year: int
    first: int
    last: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TillFigures:
    """What went through a till; whole riel and US cents.

    `cash_riel` and `cash_cents` stayed in the drawer, `dollars_riel` is what the dollars were
    credited for, `beside_riel` were laid down together with dollars. Change is told apart for
    the report and already taken off. `khqr_cents` came by phone in dollars; `khqr_riel` holds
    what they were credited for.
    """

    payments: int = 0
    cash_riel: int = 0
    cash_cents: int = 0
    dollars_riel: int = 0
    beside_riel: int = 0
    change_riel: int = 0
    change_cents: int = 0
    change_of_dollars_riel: int = 0
    khqr_riel: int = 0
    khqr_count: int = 0
    khqr_cents: int = 0
    reversed_riel: int = 0
    reversed_count: int = 0
    float_riel: int = 0
    float_cents: int = 0
    receipts: tuple[ReceiptRange, ...] = ()

    @property
    def cash_in_riel(self) -> int:
        """Riel that citizens laid on the counter, before change."""
        laid = self.cash_riel + self.change_riel - self.change_of_dollars_riel
        return laid + self.beside_riel

    @property
    def cash_in_cents(self) -> int:
        """US cents that citizens laid on the counter, before change."""
        return self.cash_cents + self.change_cents

    @property
    def credited_riel(self) -> int:
        """What the citizens' fees were credited with: the sum of the receipts."""
        return self.cash_riel + self.dollars_riel + self.khqr_riel

    @property
    def expected_riel(self) -> int:
        """Riel the drawer should hold."""
        kept = self.float_riel + self.cash_riel + self.beside_riel
        return kept - self.change_of_dollars_riel - self.reversed_riel

    @property
    def expected_cents(self) -> int:
        """US cents the drawer should hold."""
        return self.float_cents + self.cash_cents


def figures_of(till: TillSession) -> TillFigures:
    """Add up what went through a till so far."""
    sums = Payment.objects.filter(till_session=till).aggregate(
        payments=Count("id"),
        cash_riel=Sum("amount_riel", filter=_RIEL, default=0),
        dollars_riel=Sum("amount_riel", filter=_DOLLARS, default=0),
        beside_riel=Sum("riel_beside", default=0),
        tendered=Sum("tendered_cents", filter=_DOLLARS, default=0),
        all_change_riel=Sum("change_riel", default=0),
        all_change_cents=Sum("change_cents", default=0),
        change_of_dollars_riel=Sum("change_riel", filter=_DOLLARS, default=0),
        khqr_riel=Sum("amount_riel", filter=Q(method=Method.KHQR), default=0),
        khqr_count=Count("id", filter=Q(method=Method.KHQR)),
        khqr_cents=Sum("tendered_cents", filter=Q(method=Method.KHQR), default=0),
    )
    back = Reversal.objects.filter(till_session=till).aggregate(
        reversed_riel=Sum("amount_riel", default=0), reversed_count=Count("id")
    )
    tendered, change_cents = sums.pop("tendered"), sums.pop("all_change_cents")
    return TillFigures(
        change_riel=sums.pop("all_change_riel"),
        change_cents=change_cents,
        cash_cents=tendered - change_cents,
        **sums,
        **back,
        float_riel=till.float_riel,
        float_cents=till.float_cents,
        receipts=_receipts(till),
    )


def _receipts(till: TillSession) -> tuple[ReceiptRange, ...]:
    rows = (
        Payment.objects.filter(till_session=till)
        .values("receipt__year")
        .annotate(first=Min("receipt__number"), last=Max("receipt__number"), count=Count("id"))
        .order_by("receipt__year")
    )
    return tuple(
        ReceiptRange(row["receipt__year"], row["first"], row["last"], row["count"])
        for row in rows
        if row["receipt__year"] is not None
    )


def till_in_hand(user_id: int | None) -> TillSession | None:
    """Return the drawer a cashier holds and has not counted to the end."""
    return (
        TillSession.objects.select_related("counter", "cashier")
        .filter(cashier_id=user_id, state__in=IN_HAND)
        .first()
    )


def tills_in_hand(office_ids: Collection[int]) -> QuerySet[TillSession]:
    """Return the tills of some offices that are open or not counted to the end, oldest first."""
    return (
        TillSession.objects.select_related("counter", "cashier")
        .filter(office_id__in=office_ids)
        .exclude(state=TillState.CLOSED)
        .order_by("opened_at")
    )


def free_counters(office_id: int) -> QuerySet[Counter]:
    """Return the counters of an office where a till can be opened, in their order."""
    taken = TillSession.objects.filter(office_id=office_id, state__in=IN_HAND)
    return Counter.objects.filter(office_id=office_id).exclude(pk__in=taken.values("counter_id"))


def own_tills(actor: Actor, *, limit: int) -> Iterable[TillSession]:
    """Return the newest tills of the actor."""
    return TillSession.objects.select_related("counter", "cashier").filter(
        cashier_id=actor.user_id
    )[:limit]


def till_seen_by(actor: Actor, till_id: int) -> TillSession:
    """Return one till an actor may look at; raise NotFound for any other and for none."""
    till = (
        TillSession.objects.select_related("counter", "cashier", "deposit")
        .filter(pk=till_id)
        .first()
    )
    if till is None or not _is_seen(actor, till):
        raise NotFound
    return till


def _is_seen(actor: Actor, till: TillSession) -> bool:
    is_own = actor.user_id is not None and till.cashier_id == actor.user_id
    return is_own or actor.may(Verb.CHECK_TILL, office_id=till.office_id)


def unfinished(office_id: int) -> Iterable[TillSession]:
    """Return the tills of an office that are not closed, the oldest first."""
    return tills_in_hand([office_id])


def left_overnight(office_id: int, today: date) -> int:
    """Count the tills of an office that were opened on an earlier day and not counted."""
    return TillSession.objects.filter(
        office_id=office_id, state__in=IN_HAND, opened_on__lt=today
    ).count()


def closed_tills(office_id: int, *, limit: int) -> Iterable[TillSession]:
    """Return the newest closed tills of an office."""
    return (
        TillSession.objects.select_related("counter", "cashier", "deposit")
        .filter(office_id=office_id, state=TillState.CLOSED)
        .order_by("-z_number")[:limit]
    )


def undeposited(office_id: int) -> Iterable[TillSession]:
    """Return the closed tills of an office whose money is not on its way yet, oldest first."""
    return (
        TillSession.objects.select_related("counter", "cashier")
        .filter(office_id=office_id, state=TillState.CLOSED, deposit__isnull=True)
        .order_by("z_number")
    )


def deposits_of(office_id: int, *, limit: int) -> Iterable[Deposit]:
    """Return the newest deposits of an office."""
    return (
        Deposit.objects.select_related("made_by", "decided_by")
        .prefetch_related("tills")
        .filter(office_id=office_id)[:limit]
    )


def deposit_at(office_id: int, deposit_id: int) -> Deposit:
    """Return a deposit of an office; raise NotFound for any other."""
    found = (
        Deposit.objects.select_related("made_by", "decided_by")
        .filter(pk=deposit_id, office_id=office_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def money_of(office_id: int) -> OfficeMoney:
    """Return how an office handles money; a blank one when nothing was set."""
    found = OfficeMoney.objects.filter(office_id=office_id).first()
    return found or OfficeMoney(office_id=office_id)


def khqr_order_seen_by(actor: Actor, order_id: int) -> KhqrOrder:
    """Return a code an actor may look at; raise NotFound for any other and for none."""
    order = KhqrOrder.objects.select_related("charge__request").filter(pk=order_id).first()
    if order is None or not actor.may(Verb.TAKE_PAYMENT, office_id=order.office_id):
        raise NotFound
    return order


def open_items(office_id: int) -> QuerySet[OpenItem]:
    """Return the money by phone that an office has yet to settle, the oldest first."""
    return (
        OpenItem.objects.select_related("order__charge__request")
        .filter(office_id=office_id, settled_at__isnull=True)
        .order_by("id")
    )


def open_items_of(order: KhqrOrder) -> QuerySet[OpenItem]:
    """Return what is yet to be settled of one code."""
    return OpenItem.objects.filter(order=order, settled_at__isnull=True).order_by("id")


def open_tills(office_id: int, today: date) -> Iterable[TillSession]:
    """Return the tills out of which money can be given back at an office today."""
    return (
        TillSession.objects.select_related("counter", "cashier")
        .filter(office_id=office_id, state=TillState.OPEN, opened_on=today)
        .order_by("opened_at")
    )


def z_label(office_code: str, z_number: int) -> str:
    """Return the number of a Z-report as it is printed: Z-0102-000012."""
    return f"Z-{office_code}-{z_number:06d}"


def deposit_label(office_code: str, number: int) -> str:
    """Return the number of a deposit slip as it is printed: D-0102-000003."""
    return f"D-{office_code}-{number:06d}"
