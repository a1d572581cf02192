"""Tills for the tests: a cashier with an open one, money taken, a drawer counted."""

from uuid import uuid4

from services.cashier.actions import (
    count_till,
    open_till,
    post_rate,
    set_khqr_account,
    settle_khqr,
    show_khqr,
    take_payment,
)
from services.cashier.bank import Answer, Outcome
from services.cashier.drawers import Drawer, drawer_of
from services.cashier.models import KhqrOrder, TillSession
from services.cashier.tenders import Tender
from services.cashier.tills import figures_of
from services.offices.actors import Actor, system_actor
from services.offices.models import Counter
from tenants import clock
from tests.factories import RequestFactory, district_office, staff

FLOAT_RIEL, FLOAT_CENTS = 200_000, 2_000


def counter(number: int = 1, office_id: int | None = None) -> Counter:
    """A counter of the first district office, or of another one."""
    return Counter.objects.get_or_create(office_id=office_id or district_office(), number=number)[0]


def opened(by: Actor | None = None, *, number: int = 1, now=None, office_id=None) -> TillSession:
    """A till with a float of 200,000 riel and 20 dollars."""
    office_id = office_id or district_office()
    return open_till(
        office_id,
        counter(number, office_id).pk,
        float_riel=FLOAT_RIEL,
        float_cents=FLOAT_CENTS,
        by=by or staff("cashier", office_id=office_id),
        now=now,
    )


def pay(by: Actor, tender: Tender | None = None, *, charge_id=None, now=None):
    """Take one fee of 5,000 riel."""
    charge_id = charge_id or RequestFactory(charged=True).charge.pk
    return take_payment(
        charge_id, tender=tender or Tender(), by=by, idempotency_key=uuid4(), now=now
    )


def with_account(office_id: int | None = None) -> None:
    """An account at the first district office, or at another one, to show a KHQR for."""
    set_khqr_account(
        office_id or district_office(),
        account="owso@bank",
        name="OWSO",
        merchant_id="",
        bank_name="",
        by=staff("administrator"),
    )


def confirmed(order: KhqrOrder, *, reference: str = "", now=None, **changes) -> KhqrOrder:
    """What becomes of a code when the bank says that it was paid."""
    cents = order.amount_cents
    told = {
        "amount": str(order.amount_riel) if cents is None else f"{cents / 100:.2f}",
        "currency": order.currency,
        **changes,
    }
    answer = Answer(Outcome.PAID, reference or f"ref-{order.bill_number}", **told)
    return settle_khqr(order.pk, answer, now=now or clock.now())


def pay_by_phone(by: Actor, *, charge_id=None, currency: str = "KHR") -> KhqrOrder:
    """Show the code of a fee of 5,000 riel and have the bank confirm it."""
    charge_id = charge_id or RequestFactory(charged=True).charge.pk
    return confirmed(show_khqr(charge_id, by=by, currency=currency))


def rate_of_today(riel_per_dollar: int = 4_000) -> None:
    """Post the dollar rate of today."""
    post_rate(clock.today(), riel_per_dollar, by=system_actor("tests"), office_id=district_office())


def pieces(riel: int, cents: int = 0) -> Drawer:
    """The sums laid out in the largest pieces that fit."""
    drawer = drawer_of(riel, cents)
    assert (drawer.total_riel, drawer.total_cents) == (riel, cents)
    return drawer


def count_exactly(till: TillSession, by: Actor) -> TillSession:
    """Count just what the drawer should hold."""
    figures = figures_of(till)
    drawer = pieces(figures.expected_riel, figures.expected_cents)
    return count_till(till.pk, drawer, by=by)
