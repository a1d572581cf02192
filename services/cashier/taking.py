"""When money may be taken: at an open till of the day, and by phone once the bank has said so."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from owso.errors import Conflict
from services.cashier.models import Method, OfficeMoney, TillSession, TillState
from services.cashier.tenders import Tender
from services.cashier.till_models import IN_HAND
from services.offices.actors import Actor
from tenants import clock


def check_till(state: str | None, opened_on: date | None, *, on: date) -> None:
    """Raise Conflict unless a cashier's drawer, as it stands, may take cash on a day."""
    if state is None:
        raise Conflict("no_open_till", _("Open your till first: this office takes cash at tills."))
    if state != TillState.OPEN:
        raise Conflict(
            "till_being_counted",
            _("Your till is being counted and takes no more money. Finish the count first."),
        )
    if opened_on != on:
        raise left_open()


def left_open() -> Conflict:
    """Return the refusal that a till of an earlier day brings about."""
    return Conflict(
        "till_left_open",
        _(
            "Your till of an earlier day is still open. Count and close it first, then open a new"
            " one."
        ),
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


def explain_refusal(tender: Tender, office_id: int, *, by: Actor, now: datetime) -> None:
    """Raise Conflict if the table refused cash because of this cashier's till; else do nothing.

    The rule stands in the table, so that the payment and the closing of a till cannot pass each
    other; only when it has refused is it asked what to tell.
    """
    takes_at_tills = OfficeMoney.objects.filter(office_id=office_id, tills_since__lte=now)
    is_at_the_till = tender.method == Method.CASH and by.user_id is not None
    if not is_at_the_till or not takes_at_tills.exists():
        return
    tills = TillSession.objects.filter(
        cashier_id=by.user_id, office_id=office_id, state__in=IN_HAND
    )
    state, opened_on = tills.values_list("state", "opened_on").first() or (None, None)
    check_till(state, opened_on, on=clock.local_day(now))
