"""The steps of a request, one view and one action each."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from api.access import StaffView, read
from api.inputs import (
    DeliverInput,
    ForwardInput,
    Input,
    NothingInput,
    PauseInput,
    RejectInput,
    SeenInput,
    WithdrawInput,
)
from api.outputs import request_output
from owso.accounts.permissions import Verb
from services.offices.queries import office_by_code
from services.requests import actions
from services.requests.actions.closing import Collector
from services.requests.models import ServiceRequest, StageVisit

Data = dict[str, Any]
NO_VISIT = 0


class StepView(StaffView, ABC):
    """POST takes the step and answers with the request as it then stands."""

    input: ClassVar[type[Input]] = SeenInput

    def post(self, request: Request, code: str) -> Response:
        """Read, find, act, answer."""
        data = read(self.input, request)
        found = self.found(code)
        return Response(request_output(self.act(found, data)))

    @abstractmethod
    def act(self, found: ServiceRequest, data: Data) -> ServiceRequest:
        """Call the one action of this step."""


def _seen(found: ServiceRequest, data: Data) -> int:
    """The visit behind the stage number the caller saw; none of ours for an unknown number."""
    visits = StageVisit.objects.filter(request=found, sequence=data["stage_number"])
    return visits.values_list("pk", flat=True).first() or NO_VISIT


class CompleteView(StepView):
    """Accept the missing papers and start the clock."""

    verbs: ClassVar = {"POST": Verb.COMPLETE_PAPERS}
    input = NothingInput

    def act(self, found: ServiceRequest, data: Data) -> ServiceRequest:
        """Call the action."""
        return actions.complete_papers(found.pk, by=self.actor)


class AdvanceView(StepView):
    """Finish the current stage."""

    verbs: ClassVar = {"POST": Verb.ADVANCE}

    def act(self, found: ServiceRequest, data: Data) -> ServiceRequest:
        """Call the action."""
        return actions.advance_request(found.pk, by=self.actor, seen_visit_id=_seen(found, data))


class PauseView(StepView):
    """Stop the clock and wait for the citizen."""

    verbs: ClassVar = {"POST": Verb.PAUSE}
    input = PauseInput

    def act(self, found: ServiceRequest, data: Data) -> ServiceRequest:
        """Call the action."""
        return actions.pause_request(
            found.pk,
            by=self.actor,
            reason=data["reason"],
            note=data["note"],
            seen_visit_id=_seen(found, data),
        )


class ResumeView(StepView):
    """Start the clock again."""

    verbs: ClassVar = {"POST": Verb.RESUME}
    input = NothingInput

    def act(self, found: ServiceRequest, data: Data) -> ServiceRequest:
        """Call the action."""
        return actions.resume_request(found.pk, by=self.actor)


class ForwardView(StepView):
    """Hand the file to another office of the province."""

    verbs: ClassVar = {"POST": Verb.FORWARD}
    input = ForwardInput

    def act(self, found: ServiceRequest, data: Data) -> ServiceRequest:
        """Call the action."""
        return actions.forward_request(
            found.pk,
            by=self.actor,
            to_office_id=office_by_code(data["office"]).id,
            seen_visit_id=_seen(found, data),
        )


class RejectView(StepView):
    """Refuse the request with a reason."""

    verbs: ClassVar = {"POST": Verb.REJECT}
    input = RejectInput

    def act(self, found: ServiceRequest, data: Data) -> ServiceRequest:
        """Call the action."""
        seen = _seen(found, data)
        rejection = actions.reject_request(
            found.pk, by=self.actor, reason=data["reason"], seen_visit_id=seen
        )
        return rejection.request


class WithdrawView(StepView):
    """End the request at the citizen's wish."""

    verbs: ClassVar = {"POST": Verb.WITHDRAW}
    input = WithdrawInput

    def act(self, found: ServiceRequest, data: Data) -> ServiceRequest:
        """Call the action."""
        seen = _seen(found, data)
        return actions.withdraw_request(
            found.pk, by=self.actor, reason=data["reason"], seen_visit_id=seen
        )


class DeliverView(StepView):
    """Hand the result over."""

    verbs: ClassVar = {"POST": Verb.DELIVER}
    input = DeliverInput

    def act(self, found: ServiceRequest, data: Data) -> ServiceRequest:
        """Call the action."""
        collector = Collector(
            name=data["collector_name"],
            is_applicant=data["is_applicant"],
            id_kind=data["id_kind"],
            id_number=data["id_number"],
        )
        return actions.deliver_request(found.pk, by=self.actor, collector=collector)
