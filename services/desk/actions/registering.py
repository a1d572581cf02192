"""Registering at the desk: request, fee, consent and the end of the draft in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from owso.errors import Invalid
from services.cashier.models import Receipt
from services.cashier.tenders import Tender
from services.counter import register_and_charge, register_and_pay
from services.desk.consents import TEXT_VERSION
from services.desk.models import Draft, NoticeConsent, Recipient
from services.offices.actors import Actor
from services.requests.actions import register_request
from services.requests.intake import Intake
from services.requests.models import Applicant, ServiceRequest
from tenants import clock


@dataclass(frozen=True, slots=True)
class Registered:
    """What a form became; no receipt for a free service, missing papers or a fee still due."""

    request: ServiceRequest
    receipt: Receipt | None = None
    change_riel: int = 0


def register_at_desk(
    intake: Intake,
    tender: Tender | None,
    *,
    by: Actor,
    charged_riel: int | None = None,
    wants_notices: bool = False,
    now: datetime | None = None,
) -> Registered:
    """Register a request as its form says, and end the form's draft.

    Missing papers give a tracking code only; no tender leaves the fee to the cashier. With
    `wants_notices` the consent is kept with the version of the text that was shown. The same
    key gives what was made the first time. Raises Invalid, NotAllowed, Conflict.
    """
    recipient = _recipient(intake) if wants_notices else None
    with transaction.atomic():
        # The draft goes first: what follows holds the office's receipt series until the commit.
        Draft.objects.filter(key=intake.idempotency_key).delete()
        made = _register(intake, tender, by=by, charged_riel=charged_riel, now=now)
        if recipient is not None:
            _consent(made.request, recipient, by=by, now=now)
    return made


def _register(
    intake: Intake,
    tender: Tender | None,
    *,
    by: Actor,
    charged_riel: int | None,
    now: datetime | None,
) -> Registered:
    if not intake.is_complete:
        return Registered(register_request(intake, by=by, now=now))
    if tender is None:
        charged = register_and_charge(intake, by=by, charged_riel=charged_riel, now=now)
        return Registered(charged.request)
    paid = register_and_pay(intake, tender, by=by, charged_riel=charged_riel, now=now)
    return Registered(paid.request, paid.receipt, paid.change_riel)


def _recipient(intake: Intake) -> Recipient:
    """Say who is told; raise Invalid when that person has no phone number to be told on."""
    if intake.representation is not None and intake.representation.receives_notices:
        return Recipient.REPRESENTATIVE
    if intake.applicant is not None:
        has_phone = bool(intake.applicant.phone.strip())
    else:
        known = Applicant.objects.filter(pk=intake.applicant_id or 0, phone_hash__isnull=False)
        has_phone = known.exists()
    if not has_phone:
        message = _("Notices need a phone number. Enter one, or untick the notices.")
        raise Invalid("notices_without_phone", message, fields={"wants_notices": message})
    return Recipient.APPLICANT


def _consent(
    request: ServiceRequest, recipient: Recipient, *, by: Actor, now: datetime | None
) -> None:
    language = (translation.get_language() or "km")[:2]
    given = NoticeConsent(
        request=request,
        text_version=TEXT_VERSION,
        language=language,
        recipient=recipient,
        given_at=now or clock.now(),
        recorded_by_id=by.user_id,
    )
    # A form sent twice was agreed to once.
    NoticeConsent.objects.bulk_create([given], ignore_conflicts=True)
