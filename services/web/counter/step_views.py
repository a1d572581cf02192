"""The steps of a request, one view and one action each."""

from django.utils.translation import gettext as _

from owso.accounts.permissions import Verb
from services.requests import actions
from services.requests.actions.closing import Collector
from services.requests.models import ServiceRequest
from services.web.access import StaffRequest
from services.web.counter.taking import Data, step


@step(Verb.COMPLETE_PAPERS, "complete")
def complete(request: StaffRequest, found: ServiceRequest, _data: Data) -> str:
    """Accept the missing papers and start the clock."""
    actions.complete_papers(found.pk, by=request.actor)
    return _("All papers are here. The clock has started.")


@step(Verb.ADVANCE, "advance")
def advance(request: StaffRequest, found: ServiceRequest, data: Data) -> str:
    """Finish the current stage."""
    actions.advance_request(found.pk, by=request.actor, seen_visit_id=data["seen"])
    return _("The stage is done.")


@step(Verb.PAUSE, "pause")
def pause(request: StaffRequest, found: ServiceRequest, data: Data) -> str:
    """Stop the clock and wait for the citizen."""
    actions.pause_request(
        found.pk,
        by=request.actor,
        reason=data["reason"],
        note=data["note"],
        papers=frozenset(map(int, data.get("papers", []))),
        seen_visit_id=data["seen"],
    )
    return _("The clock stands still until the citizen comes.")


@step(Verb.RESUME, "resume")
def resume(request: StaffRequest, found: ServiceRequest, _data: Data) -> str:
    """Start the clock again."""
    actions.resume_request(found.pk, by=request.actor)
    return _("The clock runs again.")


@step(Verb.FORWARD, "forward")
def forward(request: StaffRequest, found: ServiceRequest, data: Data) -> str:
    """Hand the file to another office of the province."""
    actions.forward_request(
        found.pk,
        by=request.actor,
        to_office_id=int(data["office"]),
        seen_visit_id=data["seen"],
    )
    return _("The file was forwarded.")


@step(Verb.REJECT, "reject")
def reject(request: StaffRequest, found: ServiceRequest, data: Data) -> str:
    """Refuse the request with a reason."""
    actions.reject_request(
        found.pk, by=request.actor, reason=data["reason"], seen_visit_id=data["seen"]
    )
    return _("The request was rejected.")


@step(Verb.WITHDRAW, "withdraw")
def withdraw(request: StaffRequest, found: ServiceRequest, data: Data) -> str:
    """End the request at the citizen's wish."""
    actions.withdraw_request(
        found.pk, by=request.actor, reason=data["reason"], seen_visit_id=data["seen"]
    )
    return _("The request was withdrawn.")


@step(Verb.DELIVER, "deliver")
def deliver(request: StaffRequest, found: ServiceRequest, data: Data) -> str:
    """Hand the result over."""
    collector = Collector(
        name=data["collector_name"],
        is_applicant=data["is_applicant"],
        id_kind=data["id_kind"],
        id_number=data["id_number"],
    )
    actions.deliver_request(found.pk, by=request.actor, collector=collector)
    return _("Handed over. This request is finished.")
