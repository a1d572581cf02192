"""The façade of what is done with ratings and complaints."""

from services.voice.actions.answering import (
    add_information,
    answer_complaint,
    escalate_late_complaints,
)
from services.voice.actions.complaining import Grievance, complain
from services.voice.actions.rating import rate_request
from services.voice.actions.saying import citizens_office

__all__ = [
    "Grievance",
    "add_information",
    "answer_complaint",
    "citizens_office",
    "complain",
    "escalate_late_complaints",
    "rate_request",
]
