"""What can be done about followings and messages, one function for each rule."""

from services.notify.actions.confirming import (
    confirm_by_digits,
    confirm_by_link,
    follow_by_chat,
    follow_by_push,
)
from services.notify.actions.ending import allow_again, end_chat, end_following, refuse_address
from services.notify.actions.following import ask_by_email, ask_by_sms
from services.notify.actions.forgetting import forget_addresses
from services.notify.actions.receiving import note_receipt
from services.notify.actions.sending import send_due, send_one
from services.notify.actions.telling import answer_by_sms, tell

__all__ = [
    "allow_again",
    "answer_by_sms",
    "ask_by_email",
    "ask_by_sms",
    "confirm_by_digits",
    "confirm_by_link",
    "end_chat",
    "end_following",
    "follow_by_chat",
    "follow_by_push",
    "forget_addresses",
    "note_receipt",
    "refuse_address",
    "send_due",
    "send_one",
    "tell",
]
