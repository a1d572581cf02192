"""Every change of a request, one action each; page, API and import call the same ones."""

from services.requests.actions.closing import deliver_request, reject_request, withdraw_request
from services.requests.actions.forwarding import forward_request
from services.requests.actions.pausing import pause_request, resume_request
from services.requests.actions.recomputing import keep_deadlines, recompute_deadlines
from services.requests.actions.registering import complete_papers, register_request
from services.requests.actions.stages import advance_request

__all__ = [
    "advance_request",
    "complete_papers",
    "deliver_request",
    "forward_request",
    "keep_deadlines",
    "pause_request",
    "recompute_deadlines",
    "register_request",
    "reject_request",
    "resume_request",
    "withdraw_request",
]
