"""The states of a request and the steps between them, as one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb

CLOCK_STOPPED = date(9999, 12, 31)
"""Due day, in events and figures, of a request that waits for the citizen."""


class State(models.TextChoices):
    """Where a request stands as a whole."""

    INCOMPLETE = "incomplete", _("Papers are missing")
    REGISTERED = "registered", _("Registered")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING = "waiting", _("Waiting for the citizen")
    READY = "ready", _("Ready to collect")
    DELIVERED = "delivered", _("Collected")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


CLOCK_RUNS = frozenset({State.REGISTERED, State.IN_PROGRESS})
OPEN = CLOCK_RUNS | {State.WAITING}
CLOSED = frozenset({State.DELIVERED, State.REJECTED, State.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Step:
    """Who may take a step, from which states, and in which states it is done already."""

    verb: Verb
    begins: frozenset[State]
    done: frozenset[State]


_UNFINISHED = OPEN | {State.INCOMPLETE}

STEPS: Mapping[str, Step] = {
    "complete": Step(Verb.COMPLETE_PAPERS, frozenset({State.INCOMPLETE}), OPEN),
    "pay": Step(Verb.TAKE_PAYMENT, OPEN, frozenset()),
    "advance": Step(Verb.ADVANCE, CLOCK_RUNS, frozenset()),
    "pause": Step(Verb.PAUSE, CLOCK_RUNS, frozenset({State.WAITING})),
    "resume": Step(Verb.RESUME, frozenset({State.WAITING}), CLOCK_RUNS),
    "forward": Step(Verb.FORWARD, CLOCK_RUNS, frozenset()),
    "reject": Step(Verb.REJECT, _UNFINISHED, frozenset({State.REJECTED})),
    "withdraw": Step(Verb.WITHDRAW, _UNFINISHED, frozenset({State.WITHDRAWN})),
    "take": Step(Verb.TAKE_FILE, OPEN, frozenset()),
    "assign": Step(Verb.ASSIGN_FILE, OPEN, frozenset()),
    "note": Step(Verb.WRITE_NOTE, frozenset(State), frozenset()),
    "ask_opinion": Step(Verb.ASK_OPINION, CLOCK_RUNS, frozenset()),
    "give_opinion": Step(Verb.GIVE_OPINION, OPEN, frozenset()),
    "conclude": Step(Verb.GIVE_OPINION, CLOCK_RUNS, frozenset()),
    "draft": Step(Verb.WRITE_DRAFT, CLOCK_RUNS, frozenset()),
    "send_back": Step(Verb.SEND_BACK, CLOCK_RUNS, frozenset()),
    "sign": Step(Verb.SIGN, CLOCK_RUNS, frozenset()),
    "deliver": Step(Verb.DELIVER, frozenset({State.READY}), frozenset({State.DELIVERED})),
}
