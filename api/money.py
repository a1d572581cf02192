"""Taking a fee, and taking a payment back with a second person."""

from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from api.access import StaffView, idempotency_key, read
from api.inputs import NothingInput, PaymentInput, ReversalInput
from api.outputs import request_output
from owso.accounts.permissions import Verb
from owso.errors import NotFound
from services.cashier.actions import (
    approve_reversal,
    charge_request,
    request_reversal,
    take_payment,
)
from services.cashier.models import Receipt, ReversalRequest
from services.cashier.queries import receipt_number, receipts_of
from services.cashier.tenders import Tender
from services.requests.models import ServiceRequest


class PaymentView(StaffView):
    """The fee of a request."""

    verbs: ClassVar = {"POST": Verb.TAKE_PAYMENT}

    def post(self, request: Request, code: str) -> Response:
        """Charge the fee if that has not been done, and take it."""
        data, key = read(PaymentInput, request), idempotency_key(request)
        found = self.found(code)
        charge = charge_request(found.pk, by=self.actor, amount_riel=data["charged_riel"])
        if charge.amount_riel:
            tender = Tender(**data["payment"])
            take_payment(charge.pk, tender=tender, by=self.actor, idempotency_key=key)
        return Response(request_output(self.found(code)))


class ReversalView(StaffView):
    """Asking for the payment behind a receipt to be taken back."""

    verbs: ClassVar = {"POST": Verb.REQUEST_REVERSAL}

    def post(self, request: Request, code: str, number: str) -> Response:
        """Ask; a second person decides."""
        data = read(ReversalInput, request)
        receipt = _receipt(self.found(code), number)
        request_reversal(receipt.payment_id, by=self.actor, **data)
        return Response(request_output(self.found(code)))


class ApprovalView(StaffView):
    """Approving a reversal as the second person."""

    verbs: ClassVar = {"POST": Verb.APPROVE_REVERSAL}

    def post(self, request: Request, code: str, number: str) -> Response:
        """Approve what was asked for."""
        read(NothingInput, request)
        receipt = _receipt(self.found(code), number)
        asked = ReversalRequest.objects.filter(payment_id=receipt.payment_id).order_by("id").last()
        if asked is None:
            raise NotFound
        approve_reversal(asked.pk, by=self.actor)
        return Response(request_output(self.found(code)))


def _receipt(found: ServiceRequest, number: str) -> Receipt:
    for receipt in receipts_of(found.pk):
        if receipt_number(receipt.office.code, receipt.year, receipt.number) == number:
            return receipt
    raise NotFound
