"""Legal holds: what a court, an audit or a complaint still needs is not disposed of."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.audit.actions import record
from owso.errors import AlreadyDone, InvalidTransition, NotFound
from services.offices.actors import Actor
from services.privacy.models import Disposal, LegalHold
from services.requests.models import Applicant, ServiceRequest
from services.requests.texts import Fields, clean_note
from services.retention.rules import DataKind
from tenants import clock


def place_hold(
    request_id: int,
    *,
    by: Actor,
    reason: str,
    until: date | None = None,
    is_on_person: bool = False,
) -> LegalHold:
    """Keep the data of a request, or of its applicant with every request, from the disposal.

    `until` is the last day it holds; None holds until it is lifted. Raises NotFound, NotAllowed,
    Invalid without a reason or with a day that is past, InvalidTransition for a person whose
    data is gone already.
    """
    with transaction.atomic():
        request = _locked(request_id, by=by)
        cleaned = _checked(reason, until)
        hold = LegalHold(reason=cleaned, until=until, placed_by_id=by.user_id)
        if is_on_person:
            hold.applicant_id = _applicant_of(request)
        else:
            hold.request_id = request.pk
        hold.placed_at = clock.now()
        hold.save(force_insert=True)
        subject = "person" if is_on_person else "request"
        record("place_hold", request, by=by, hold=hold.pk, on=subject, until=str(until or ""))
    return hold


def lift_hold(hold_id: int, *, by: Actor) -> LegalHold:
    """End a hold; raises NotFound, NotAllowed, AlreadyDone."""
    with transaction.atomic():
        hold = LegalHold.objects.select_for_update(of=("self",)).filter(pk=hold_id).first()
        if hold is None:
            raise NotFound
        request = _request_of(hold)
        by.require(Verb.HOLD_DATA, office_id=request.office_id)
        if hold.lifted_at is not None:
            raise AlreadyDone("hold_lifted", _("Somebody has already ended this hold."))
        hold.lifted_at, hold.lifted_by_id = clock.now(), by.user_id
        hold.save(update_fields=["lifted_at", "lifted_by"])
        record("lift_hold", request, by=by, hold=hold.pk)
    return hold


def _locked(request_id: int, *, by: Actor) -> ServiceRequest:
    request = ServiceRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None or not ServiceRequest.objects.visible_to(by).filter(pk=request.pk).exists():
        raise NotFound
    by.require(Verb.HOLD_DATA, office_id=request.office_id)
    return request


def _request_of(hold: LegalHold) -> ServiceRequest:
    """Return the request of a hold, or one of the person's: a person has at least one."""
    if hold.request is not None:
        return hold.request
    assert hold.applicant is not None
    return hold.applicant.requests.all()[0]


def _checked(reason: str, until: date | None) -> str:
    fields = Fields()
    cleaned = clean_note(reason, field="reason", fields=fields, is_required=True)
    if until is not None and until < clock.today():
        fields.take("until", _("This day is past. Choose a later day, or leave it empty."))
    fields.refuse()
    return cleaned


def _applicant_of(request: ServiceRequest) -> int:
    """Lock the applicant, so that a disposal of the same moment sees the hold."""
    applicant_id = request.applicant_id
    Applicant.objects.select_for_update().filter(pk=applicant_id or 0).first()
    gone = Disposal.objects.filter(kind=DataKind.APPLICANTS, subject_id=applicant_id or 0)
    if applicant_id is None or gone.exists():
        message = _("Nothing is kept about this person any more, so nothing can be held.")
        raise InvalidTransition("nobody_to_hold", message)
    return applicant_id
