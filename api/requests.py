"""Registering requests and reading them."""

from datetime import datetime
from typing import Any, ClassVar

from django.core import signing
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.access import StaffView, idempotency_key, read
from api.inputs import QueueInput, RegisterInput
from api.outputs import QueueOutput, request_output
from owso.accounts.permissions import Verb
from owso.audit.models import Reading
from owso.errors import Invalid
from services.cashier.tenders import Tender
from services.catalogue.queries import published_version
from services.catalogue.terms import VersionTerms
from services.counter import Registered, register_and_charge, register_and_pay
from services.offices.queries import office_by_code
from services.requests.accesses import Read, record_reads
from services.requests.actions import register_request
from services.requests.intake import ApplicantDetails, Intake, RepresentationDetails
from services.requests.queries import Position, queue
from tenants import clock

CURSOR_SALT = "api.queue"


class RequestsView(StaffView):
    """The queue of an office, and the way into it."""

    verbs: ClassVar = {"GET": Verb.VIEW_QUEUE, "POST": Verb.REGISTER}

    def get(self, request: Request) -> Response:
        """Return the open requests, the most urgent first, a page at a time."""
        serializer = QueueInput(data=request.query_params)
        serializer.is_valid(raise_exception=True)
        asked = serializer.validated_data
        office_id = office_by_code(asked["office"]).id if asked["office"] else None
        page = queue(self.actor, office_id=office_id, after=_position(asked["cursor"]))
        rows = [QueueOutput(row).data for row in page.rows]
        return Response({"results": rows, "next": _cursor(page.following)})

    def post(self, request: Request) -> Response:
        """Register a request, and take its fee when `payment` is there."""
        data = read(RegisterInput, request)
        intake = _intake(data, idempotency_key(request))
        if intake.is_complete:
            made = self._charged(intake, data)
            output = request_output(made.request, made)
        else:
            output = request_output(register_request(intake, by=self.actor))
        return Response(output, status=status.HTTP_201_CREATED)

    def _charged(self, intake: Intake, data: dict[str, Any]) -> Registered:
        charged_riel = data["charged_riel"]
        if data["payment"] is None:
            return register_and_charge(intake, by=self.actor, charged_riel=charged_riel)
        tender = Tender(**data["payment"])
        return register_and_pay(intake, tender, by=self.actor, charged_riel=charged_riel)


class RequestView(StaffView):
    """One request by its tracking code."""

    verbs: ClassVar = {"GET": Verb.VIEW_REQUEST}

    def get(self, request: Request, code: str) -> Response:
        """Return the request as it stands."""
        found = self.found(code)
        record_reads(self.actor, [Read(found, Reading.API)])
        return Response(request_output(found), headers={"ETag": f'W/"{found.version}"'})


def _intake(data: dict[str, Any], key: Any) -> Intake:
    terms = published_version(data["service"], on=clock.today())
    representation = data["representation"]
    return Intake(
        office_id=office_by_code(data["office"]).id,
        terms=terms,
        idempotency_key=key,
        applicant=ApplicantDetails(**data["applicant"]),
        quantity=data["quantity"],
        fee_values=data["fee_values"],
        papers=None if data["papers"] is None else _papers(terms, data["papers"]),
        representation=RepresentationDetails(**representation) if representation else None,
        is_complete=data["is_complete"],
    )


def _papers(terms: VersionTerms, numbers: list[int]) -> frozenset[int]:
    known = {number: document.id for number, document in enumerate(terms.documents, 1)}
    if not set(numbers) <= set(known):
        message = _("One of these papers does not belong to this service.")
        raise Invalid("papers_invalid", message, fields={"papers": message})
    return frozenset(known[number] for number in numbers)


def _cursor(position: Position | None) -> str | None:
    if position is None:
        return None
    return signing.dumps([position[0].isoformat(), position[1]], salt=CURSOR_SALT)


def _position(cursor: str) -> Position | None:
    if not cursor:
        return None
    try:
        moment, last_id = signing.loads(cursor, salt=CURSOR_SALT)
    except signing.BadSignature as error:
        message = _("This cursor is not one we gave. Begin with the first page.")
        raise Invalid("cursor_invalid", message, fields={"cursor": message}) from error
    return datetime.fromisoformat(moment), last_id
