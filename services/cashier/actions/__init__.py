"""Every change of money in a province, one action each."""

from services.cashier.actions.payments import charge_request, receipt_of, take_payment
from services.cashier.actions.rates import post_rate
from services.cashier.actions.reversals import (
    approve_reversal,
    refuse_reversal,
    request_reversal,
)

__all__ = [
    "approve_reversal",
    "charge_request",
    "post_rate",
    "receipt_of",
    "refuse_reversal",
    "request_reversal",
    "take_payment",
]
