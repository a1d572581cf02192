"""What callers get; requests go by their tracking code, stages by number, receipts as printed."""

from dataclasses import dataclass
from typing import Any

from rest_framework import serializers

from services.cashier.models import Receipt
from services.cashier.queries import Balance, balance_of, receipt_number, receipts_of
from services.catalogue.queries import terms
from services.counter import Registered
from services.offices.queries import office
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from services.requests.queries import QueueRow
from services.requests.tracking import TrackingView

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A request, and what this very call has written, so that it need not be read again."""

    found: ServiceRequest
    made: Registered | None


class RequestOutput(serializers.Serializer[_Shown]):
    """A request as the offices see it, without personal data."""

    code = serializers.SerializerMethodField()
    state = serializers.CharField(source="found.state")
    version = serializers.IntegerField(source="found.version")
    service = serializers.SerializerMethodField()
    office = serializers.SerializerMethodField()
    quantity = serializers.IntegerField(source="found.quantity")
    received_at = serializers.DateTimeField(source="found.received_at")
    registered_at = serializers.DateTimeField(source="found.registered_at")
    due_at = serializers.DateTimeField(source="found.due_at")
    promised_at = serializers.DateTimeField(source="found.promised_at")
    ready_at = serializers.DateTimeField(source="found.ready_at")
    delivered_at = serializers.DateTimeField(source="found.delivered_at")
    closed_at = serializers.DateTimeField(source="found.closed_at")
    stage = serializers.SerializerMethodField()
    fee = serializers.SerializerMethodField()
    receipts = serializers.SerializerMethodField()

    def get_code(self, shown: _Shown) -> str:
        """The tracking code as it is printed."""
        return format_code(shown.found.tracking_code)

    def get_service(self, shown: _Shown) -> str:
        """The code of the service."""
        return terms(shown.found.service_version_id).service_code

    def get_office(self, shown: _Shown) -> str:
        """The code of the office where the request is."""
        return office(shown.found.office_id).code

    def get_stage(self, shown: _Shown) -> Facts | None:
        """The stage the request is in; its number goes with every step."""
        visit = shown.found.current_visit
        if visit is None:
            return None
        return {
            "number": visit.sequence,
            "code": visit.stage_code,
            "role": visit.actor_role,
            "entered_at": visit.entered_at,
            "due_at": visit.due_at,
        }

    def get_fee(self, shown: _Shown) -> Facts | None:
        """What was charged and paid, in riel; None before the charge."""
        balance = balance_of(shown.found.pk) if shown.made is None else _balance(shown.made)
        if balance is None:
            return None
        return {
            "amount_riel": balance.charge.amount_riel,
            "paid_riel": balance.paid_riel,
            "due_riel": balance.due_riel,
        }

    def get_receipts(self, shown: _Shown) -> list[Facts]:
        """Every receipt of the request, oldest first."""
        if shown.made is None:
            return [
                _receipt(receipt, is_reversed=hasattr(receipt.payment, "reversal"))
                for receipt in receipts_of(shown.found.pk)
            ]
        receipt = shown.made.receipt
        return [] if receipt is None else [_receipt(receipt, is_reversed=False)]


# One for all calls: it keeps nothing, and copying sixteen fields each time took longer than
# filling them.
_REQUEST = RequestOutput()


def request_output(found: ServiceRequest, made: Registered | None = None) -> Facts:
    """Return a request for a caller; `made` is what this call itself has written."""
    is_new = made is not None and not made.is_repeat
    facts: Facts = _REQUEST.to_representation(_Shown(found, made if is_new else None))
    return facts


def _balance(made: Registered) -> Balance:
    return Balance(made.charge, made.receipt.payment.amount_riel if made.receipt else 0)


def _receipt(receipt: Receipt, *, is_reversed: bool) -> Facts:
    return {
        "number": receipt_number(office(receipt.office_id).code, receipt.year, receipt.number),
        "amount_riel": receipt.payment.amount_riel,
        "issued_at": receipt.issued_at,
        "is_reversed": is_reversed,
    }


class QueueOutput(serializers.Serializer[QueueRow]):
    """One line of a queue; the applicant's name is masked."""

    code = serializers.SerializerMethodField()
    state = serializers.CharField()
    service = serializers.SerializerMethodField()
    office = serializers.SerializerMethodField()
    applicant = serializers.CharField()
    stage_code = serializers.CharField()
    actor_role = serializers.CharField()
    stage_due_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    promised_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    def get_code(self, row: QueueRow) -> str:
        """The tracking code as it is printed."""
        return format_code(row.tracking_code)

    def get_service(self, row: QueueRow) -> str:
        """The code of the service."""
        return terms(row.service_version_id).service_code

    def get_office(self, row: QueueRow) -> str:
        """The code of the office where the request is."""
        return office(row.office_id).code


class VisitOutput(serializers.Serializer[Any]):
    """One stage the request was or is in, as the citizen may know it."""

    code = serializers.CharField(source="stage_code")
    entered_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    left_at = serializers.DateTimeField()
    outcome = serializers.CharField()


class TrackingOutput(serializers.Serializer[TrackingView]):
    """What the code alone tells: stages, days and money, nobody's name."""

    code = serializers.SerializerMethodField()
    state = serializers.CharField()
    version = serializers.IntegerField()
    service = serializers.SerializerMethodField()
    office = serializers.CharField(source="office_code")
    office_name_km = serializers.CharField()
    office_name_en = serializers.CharField()
    received_at = serializers.DateTimeField()
    registered_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    promised_at = serializers.DateTimeField()
    ready_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField()
    fee_riel = serializers.IntegerField()
    paid_riel = serializers.IntegerField()
    stages = VisitOutput(source="visits", many=True)

    def get_code(self, seen: TrackingView) -> str:
        """The tracking code as it is printed."""
        return format_code(seen.tracking_code)

    def get_service(self, seen: TrackingView) -> Facts:
        """Code and names of the service."""
        found = terms(seen.service_version_id)
        return {"code": found.service_code, "name_km": found.name_km, "name_en": found.name_en}
