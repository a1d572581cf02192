"""What a front desk writes, one action each."""

from services.desk.actions.drafts import discard_draft, save_draft
from services.desk.actions.printing import print_sheets
from services.desk.actions.registering import Registered, register_at_desk
from services.desk.actions.tickets import call_next, issue_ticket
from services.desk.actions.unsent import drop_unsent, keep_unsent

__all__ = [
    "Registered",
    "call_next",
    "discard_draft",
    "drop_unsent",
    "issue_ticket",
    "keep_unsent",
    "print_sheets",
    "register_at_desk",
    "save_draft",
]
