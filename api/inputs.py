"""What callers may send; only its shape is checked here, the rules belong to the actions."""

from typing import Any

from rest_framework import serializers

from services.cashier.models import Currency, Method

Input = serializers.Serializer[Any]
LONG_TEXT = 4000


class _Text(serializers.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LONG_TEXT, "trim_whitespace": False, **kwargs})


def _optional_text() -> serializers.CharField:
    return _Text(required=False, allow_blank=True, default="")


class ApplicantInput(Input):
    """The person the request is for."""

    full_name = _Text(allow_blank=True)
    sex = _optional_text()
    id_kind = _optional_text()
    id_number = _optional_text()
    phone = _optional_text()
    language = _Text(required=False, default="km")


class RepresentationInput(Input):
    """The person who presents the papers for the applicant."""

    name = _Text(allow_blank=True)
    authority_kind = _Text()
    phone = _optional_text()
    receives_notices = serializers.BooleanField(required=False, default=False)


class TenderInput(Input):
    """Money offered: `riel`, or `cents` of a US dollar; without an amount the exact fee."""

    method = _Text(required=False, default=Method.CASH)
    currency = _Text(required=False, default=Currency.KHR)
    riel = serializers.IntegerField(required=False, allow_null=True, default=None)
    cents = serializers.IntegerField(required=False, allow_null=True, default=None)


class RegisterInput(Input):
    """A new request; `papers` are their numbers in the service's list, from 1."""

    service = _Text()
    office = _Text()
    applicant = ApplicantInput()
    representation = RepresentationInput(required=False, allow_null=True, default=None)
    quantity = serializers.IntegerField(required=False, default=1)
    fee_values = serializers.DictField(child=_Text(), required=False, default=dict)
    papers = serializers.ListField(
        child=serializers.IntegerField(), required=False, allow_null=True, default=None
    )
    is_complete = serializers.BooleanField(required=False, default=True)
    payment = TenderInput(required=False, allow_null=True, default=None)
    charged_riel = serializers.IntegerField(required=False, allow_null=True, default=None)


class PaymentInput(Input):
    """The fee of a request, taken at the cashier's desk."""

    payment = TenderInput()
    charged_riel = serializers.IntegerField(required=False, allow_null=True, default=None)


class SeenInput(Input):
    """`stage_number` is the number of the stage the caller was looking at."""

    stage_number = serializers.IntegerField()


class NothingInput(Input):
    """A step that needs nothing said."""


class PauseInput(SeenInput):
    """Why the clock stops."""

    reason = _Text()
    note = _optional_text()


class ForwardInput(SeenInput):
    """Where the file goes."""

    office = _Text()


class RejectInput(SeenInput):
    """Why the request is refused."""

    reason = _Text(allow_blank=True)


class WithdrawInput(SeenInput):
    """Why the citizen no longer wants it."""

    reason = _optional_text()


class DeliverInput(Input):
    """Who takes the result away."""

    collector_name = _Text(allow_blank=True)
    is_applicant = serializers.BooleanField(required=False, default=True)
    id_kind = _optional_text()
    id_number = _optional_text()


class ReversalInput(Input):
    """Why a payment is to be taken back; without an amount all of it."""

    reason = _Text()
    note = _optional_text()
    amount_riel = serializers.IntegerField(required=False, allow_null=True, default=None)


class QueueInput(Input):
    """Which page of which office's queue."""

    office = _optional_text()
    cursor = _optional_text()
