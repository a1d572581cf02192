"""Tills as lines of a table."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from owso.formats import dollars, local_datetime, riel
from services.cashier.models import (
    IN_HAND,
    Currency,
    KhqrOrder,
    OpenItem,
    TillSession,
    TillState,
)
from services.cashier.tenders import CENTS
from services.cashier.tills import z_label
from services.offices.queries import office
from tenants import clock

_TONES = {
    TillState.OPEN: "on-time",
    TillState.COUNTED: "soon",
    TillState.WAITING: "soon",
    TillState.RECOUNT: "soon",
    TillState.CLOSED: "done",
}


@dataclass(frozen=True, slots=True)
class TillLine:
    """One till; `tone` is the colour and shape of its state, money is what was counted."""

    till: TillSession
    number: str
    counter: int
    cashier: str
    opened: str
    state: str
    tone: str
    is_overnight: bool
    difference: tuple[int, int]


def lines_of(tills: Iterable[TillSession]) -> list[TillLine]:
    """The lines of a table."""
    return [line_of(till) for till in tills]


def line_of(till: TillSession) -> TillLine:
    """One till as it is shown."""
    is_overnight = till.state in IN_HAND and till.opened_on < clock.today()
    number = z_label(office(till.office_id).code, till.z_number) if till.z_number else ""
    return TillLine(
        till=till,
        number=number,
        counter=till.counter.number,
        cashier=till.cashier.full_name_km or till.cashier.username,
        opened=local_datetime(till.opened_at),
        state=str(till.get_state_display()),
        tone="late" if is_overnight else _TONES[TillState(till.state)],
        is_overnight=is_overnight,
        difference=till.difference,
    )


def asked_text(order: KhqrOrder) -> str:
    """What a code asks, in its own currency."""
    return riel(order.amount_riel) if order.amount_cents is None else dollars(order.amount_cents)


def booked_text(item: OpenItem) -> str:
    """What the bank booked, as it is read here; the bank's own words where they are no amount."""
    try:
        amount = Decimal(item.amount)
        if item.currency == Currency.USD:
            return dollars(int(amount * CENTS))
        return riel(int(amount)) if item.currency == Currency.KHR else f"{amount} {item.currency}"
    except (InvalidOperation, ValueError, OverflowError):
        return f"{item.amount} {item.currency}"
