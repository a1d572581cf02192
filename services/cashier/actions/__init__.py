"""Every change of money in a province, one action each."""

from services.cashier.actions.deposits import (
    confirm_deposit,
    make_deposit,
    withdraw_deposit,
)
from services.cashier.actions.khqr import check_khqr, set_khqr_account, show_khqr
from services.cashier.actions.payments import charge_request, receipt_of, take_payment
from services.cashier.actions.rates import post_rate
from services.cashier.actions.reversals import (
    approve_reversal,
    refuse_reversal,
    request_reversal,
)
from services.cashier.actions.settling import hear_khqr, settle_khqr, settle_open_item
from services.cashier.actions.tills import (
    approve_difference,
    count_till,
    explain_difference,
    open_till,
    order_recount,
)

__all__ = [
    "approve_difference",
    "approve_reversal",
    "charge_request",
    "check_khqr",
    "confirm_deposit",
    "count_till",
    "explain_difference",
    "hear_khqr",
    "make_deposit",
    "open_till",
    "order_recount",
    "post_rate",
    "receipt_of",
    "refuse_reversal",
    "request_reversal",
    "set_khqr_account",
    "settle_khqr",
    "settle_open_item",
    "show_khqr",
    "take_payment",
    "withdraw_deposit",
]
