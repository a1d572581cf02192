"""What data protection writes, one action each."""

from services.privacy.actions.copying import give_copy, take_copy
from services.privacy.actions.correcting import (
    correct_applicant,
    decide_objection,
    record_objection,
)
from services.privacy.actions.disposing import dispose
from services.privacy.actions.holding import lift_hold, place_hold

__all__ = [
    "correct_applicant",
    "decide_objection",
    "dispose",
    "give_copy",
    "lift_hold",
    "place_hold",
    "record_objection",
    "take_copy",
]
