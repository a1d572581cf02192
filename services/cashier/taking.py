"""When money may be taken: at an open till of the day, and by phone once the bank has said so."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from owso.errors import Conflict
from owso.formats import local_day
from services.cashier.models import OfficeMoney, TillSession, TillState
from services.cashier.tenders import Tender
from services.cashier.till_models import IN_HAND
from services.offices.actors import Actor
from tenants import clock

REFUSAL = "this office takes cash at an open till only"
"""What the table says when it refuses cash (see the migration that guards the tills)."""


def check_till(till: TillSession | None, *, on: date) -> None:
    """Raise Conflict unless a cashier's newest till, as it stands, may take cash on a day.

    An open till of the day is the end of it: then something else refused the payment.
    """
    is_of_the_day = till is not None and till.opened_on == on
    if till is None or (not is_of_the_day and till.state not in IN_HAND):
        raise Conflict("no_open_till", _("Open your till first: this office takes cash at tills."))
    if not is_of_the_day:
        raise left_open(till)
    if till.state in {TillState.CLOSED, TillState.WAITING}:
        raise Conflict(
            "till_closed_meanwhile",
            _(
                "Your till at counter %(counter)s was closed, and this payment was not taken. Open"
                " a new till and take it again."
            )
            % {"counter": till.counter.number},
        )
    if till.state != TillState.OPEN:
        raise Conflict(
            "till_being_counted",
            _(
                "Your till at counter %(counter)s is being counted and takes no more money."
                " Finish the count, then open a new till and take this payment again."
            )
            % {"counter": till.counter.number},
        )


def left_open(till: TillSession) -> Conflict:
    """Return the refusal that a till of an earlier day brings about."""
    return Conflict(
        "till_left_open",
        _(
            "Your till of %(day)s at counter %(counter)s is still open. Count and close it first:"
            " it gets the Z-report of its own day. Then open a new one."
        )
        % {"day": local_day(till.opened_on), "counter": till.counter.number},
    )


def check_is_confirmed(tender: Tender, office_id: int) -> None:
    """Raise Conflict for a payment by phone that the office's bank has not confirmed."""
    if tender.is_confirmed:
        return
    if not OfficeMoney.objects.filter(office_id=office_id).exclude(khqr_account="").exists():
        raise no_khqr_account()
    raise Conflict(
        "khqr_unconfirmed",
        _("Show the KHQR of this office: the payment is recorded when the bank confirms it."),
    )


def no_khqr_account() -> Conflict:
    """Return the refusal of a payment by phone at an office that cannot show a code."""
    return Conflict("no_khqr_account", _("This office has no account for KHQR. Take cash instead."))


def explain_refusal(error: Exception, office_id: int, *, by: Actor, now: datetime) -> None:
    """Raise Conflict if the table refused cash because of this cashier's till; else do nothing.

    The rule stands in the table, so that the payment and the closing of a till cannot pass each
    other; only when it has refused is it asked what to tell. By then the till may be closed, or
    a new one open: this very payment was refused all the same, and nothing of it is written.
    """
    if REFUSAL not in str(error):
        return
    tills = TillSession.objects.select_related("counter").filter(
        cashier_id=by.user_id, office_id=office_id
    )
    till = tills.filter(state__in=IN_HAND).first() or tills.first()
    check_till(till, on=clock.local_day(now))
    raise Conflict(
        "till_closed_meanwhile",
        _(
            "Your till was being closed in this very moment, and this payment was not taken. Take"
            " it again at your open till."
        ),
    )
