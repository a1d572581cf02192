"""Every change the back office makes to a file, one action each."""

from services.casework.actions.assigning import assign_file, take_file
from services.casework.actions.notes import write_note
from services.casework.actions.opinions import (
    ask_opinion,
    conclude_opinion,
    give_opinion,
    withdraw_opinion,
)
from services.casework.actions.returning import send_back
from services.casework.actions.signing import sign_outcome
from services.casework.actions.writing import save_draft

__all__ = [
    "ask_opinion",
    "assign_file",
    "conclude_opinion",
    "give_opinion",
    "save_draft",
    "send_back",
    "sign_outcome",
    "take_file",
    "withdraw_opinion",
    "write_note",
]
