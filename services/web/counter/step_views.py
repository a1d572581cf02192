"""The steps of a request, one view and one action each."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from owso.accounts.permissions import Verb
from services.requests import actions
from services.requests.actions.closing import Collector
from services.requests.models import ServiceRequest
from services.web.access import StaffRequest, needs
from services.web.counter.taking import take_step

Data = Mapping[str, Any]


@needs(Verb.COMPLETE_PAPERS)
@require_POST
def complete(request: StaffRequest, code: str) -> HttpResponse:
    """Accept the missing papers and start the clock."""

    def act(found: ServiceRequest, _data: Data) -> str:
        actions.complete_papers(found.pk, by=request.actor)
        return _("All papers are here. The clock has started.")

    return take_step(request, code, "complete", act)


@needs(Verb.ADVANCE)
@require_POST
def advance(request: StaffRequest, code: str) -> HttpResponse:
    """Finish the current stage."""

    def act(found: ServiceRequest, data: Data) -> str:
        actions.advance_request(found.pk, by=request.actor, seen_visit_id=data["seen"])
        return _("The stage is done.")

    return take_step(request, code, "advance", act)


@needs(Verb.PAUSE)
@require_POST
def pause(request: StaffRequest, code: str) -> HttpResponse:
    """Stop the clock and wait for the citizen."""

    def act(found: ServiceRequest, data: Data) -> str:
        actions.pause_request(
            found.pk,
            by=request.actor,
            reason=data["reason"],
            note=data["note"],
            papers=frozenset(map(int, data.get("papers", []))),
            seen_visit_id=data["seen"],
        )
        return _("The clock stands still until the citizen comes.")

    return take_step(request, code, "pause", act)


@needs(Verb.RESUME)
@require_POST
def resume(request: StaffRequest, code: str) -> HttpResponse:
    """Start the clock again."""

    def act(found: ServiceRequest, _data: Data) -> str:
        actions.resume_request(found.pk, by=request.actor)
        return _("The clock runs again.")

    return take_step(request, code, "resume", act)


@needs(Verb.FORWARD)
@require_POST
def forward(request: StaffRequest, code: str) -> HttpResponse:
    """Hand the file to another office of the province."""

    def act(found: ServiceRequest, data: Data) -> str:
        actions.forward_request(
            found.pk,
            by=request.actor,
            to_office_id=int(data["office"]),
            seen_visit_id=data["seen"],
        )
        return _("The file was forwarded.")

    return take_step(request, code, "forward", act)


@needs(Verb.REJECT)
@require_POST
def reject(request: StaffRequest, code: str) -> HttpResponse:
    """Refuse the request with a reason."""

    def act(found: ServiceRequest, data: Data) -> str:
        actions.reject_request(
            found.pk, by=request.actor, reason=data["reason"], seen_visit_id=data["seen"]
        )
        return _("The request was rejected.")

    return take_step(request, code, "reject", act)


@needs(Verb.WITHDRAW)
@require_POST
def withdraw(request: StaffRequest, code: str) -> HttpResponse:
    """End the request at the citizen's wish."""

    def act(found: ServiceRequest, data: Data) -> str:
        actions.withdraw_request(
            found.pk, by=request.actor, reason=data["reason"], seen_visit_id=data["seen"]
        )
        return _("The request was withdrawn.")

    return take_step(request, code, "withdraw", act)


@needs(Verb.DELIVER)
@require_POST
def deliver(request: StaffRequest, code: str) -> HttpResponse:
    """Hand the result over."""

    def act(found: ServiceRequest, data: Data) -> str:
        collector = Collector(
            name=data["collector_name"],
            is_applicant=data["is_applicant"],
            id_kind=data["id_kind"],
            id_number=data["id_number"],
        )
        actions.deliver_request(found.pk, by=request.actor, collector=collector)
        return _("Handed over. This request is finished.")

    return take_step(request, code, "deliver", act)
