"""When money may be taken: at an open till of the day, and by phone once the bank has said so."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from owso.errors import Conflict
from services.cashier.models import TillState
from services.cashier.tenders import Tender


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


def check_is_confirmed(tender: Tender, account: str | None) -> None:
    """Raise Conflict for a payment by phone that the office's bank has not confirmed."""
    if account and not tender.is_confirmed:
        raise Conflict(
            "khqr_unconfirmed",
            _("Show the KHQR of this office: the payment is recorded when the bank confirms it."),
        )
