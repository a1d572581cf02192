"""What other parts of the province's work ask of a request's steps; the cashier registers here.

Requests know nothing of money: the cashier, which stands above, hands its rules down.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.catalogue.terms import VersionTerms
from services.offices.actors import Actor
from services.requests.models import ServiceRequest, StageVisit


@dataclass(frozen=True, slots=True)
class Leaving:
    """A stage about to be left; `is_return` when the request goes back to an earlier one."""

    request: ServiceRequest
    terms: VersionTerms
    visit: StageVisit
    is_return: bool
    by: Actor


Precondition = Callable[[ServiceRequest], None]
Consequence = Callable[[ServiceRequest, Actor, datetime], None]

before_first_stage: list[Precondition] = []
"""Each may raise a DomainError before a request leaves its first stage."""

before_leaving: list[Callable[[Leaving], None]] = []
"""Each may raise a DomainError before a request leaves a stage."""

after_rejection: list[Consequence] = []
"""Each does, in the same transaction, what a rejection entails (such as a refund)."""


def check_first_stage(request: ServiceRequest) -> None:
    """Ask every precondition; a request from an older register is exempt."""
    if request.is_imported:
        return
    for precondition in before_first_stage:
        precondition(request)


def check_leaving(leaving: Leaving) -> None:
    """Ask everybody who has a say whether the stage may be left."""
    for condition in before_leaving:
        condition(leaving)


def follow_rejection(request: ServiceRequest, *, by: Actor, now: datetime) -> None:
    """Run every consequence of a rejection."""
    for consequence in after_rejection:
        consequence(request, by, now)
