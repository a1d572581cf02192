"""Corrections of a person's data, and objections to its use, each with its reason on record."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.errors import AlreadyDone, Conflict, Invalid, InvalidTransition, NotFound
from services.catalogue.queries import terms as terms_of
from services.offices.actors import Actor
from services.privacy.models import Corrected, Correction, Disposal, Objection
from services.requests.khmer import normalise
from services.requests.models import Applicant, ServiceRequest
from services.requests.people import hashed, last4_hash, sealed
from services.requests.texts import Fields, clean_name, clean_note, clean_phone
from services.requests.trail import trace
from services.retention.rules import DataKind
from tenants import clock, sealing

SEARCH_LENGTH = 200


def correct_applicant(
    request_id: int, *, by: Actor, field: str, value: str, reason: str, evidence: str
) -> Correction:
    """Correct the name or phone of an applicant; an empty phone removes it.

    It holds for every request of this applicant. What was signed before stays as it was signed.
    Both values are kept sealed; the trail names the field, never a value. Raises NotFound,
    NotAllowed, Invalid, InvalidTransition when nobody is on file any more.
    """
    with transaction.atomic():
        request = lock_for_privacy(request_id, Verb.CORRECT_DATA, by=by)
        applicant = _locked_applicant(request)
        new, why, proof = _cleaned(field, value, reason, evidence)
        old = value_of(applicant, field)
        if new == old:
            message = _("This is what is on file already. Enter what it should be.")
            raise Invalid("nothing_to_correct", message, fields={"value": message})
        _write(applicant, field, new)
        correction = Correction.objects.create(
            request=request,
            field=field,
            before_sealed=sealing.seal(old),
            after_sealed=sealing.seal(new),
            reason=why,
            evidence=proof,
            corrected_by_id=by.user_id,
            corrected_at=clock.now(),
        )
        request.version += 1
        request.save(update_fields=["version"])
        _trace(by, "correct_data", request, field=field, correction=correction.pk)
    return correction


def record_objection(request_id: int, *, by: Actor, against: str, grounds: str) -> Objection:
    """Write down what a person objects to and why; it waits for a decision.

    Raises NotFound, NotAllowed, Invalid, Conflict when the same waits already.
    """
    with transaction.atomic():
        request = lock_for_privacy(request_id, Verb.CORRECT_DATA, by=by)
        fields = Fields()
        cleaned = clean_note(grounds, field="grounds", fields=fields, is_required=True)
        if against not in Objection.Against.values:
            fields.take("against", _("Choose what the person objects to."))
        fields.refuse()
        _check_kept(request)
        objection = Objection(request=request, against=against, grounds=cleaned)
        objection.recorded_by_id, objection.recorded_at = by.user_id, clock.now()
        try:
            with transaction.atomic():
                objection.save(force_insert=True)
        except IntegrityError as error:
            message = _("The same objection waits for a decision already.")
            raise Conflict("objection_waits", message) from error
        _trace(by, "record_objection", request, against=against, objection=objection.pk)
    return objection


def decide_objection(objection_id: int, *, by: Actor, is_upheld: bool, reason: str) -> Objection:
    """Decide an objection once, with the reason the person is told.

    Raises NotFound, NotAllowed, Invalid, AlreadyDone.
    """
    known = Objection.objects.filter(pk=objection_id).values_list("request_id", flat=True)
    with transaction.atomic():
        request = lock_for_privacy(known.first() or 0, Verb.DECIDE_OBJECTION, by=by)
        objection = Objection.objects.select_for_update(of=("self",)).get(pk=objection_id)
        if objection.decided_at is not None:
            raise AlreadyDone("objection_decided", _("Somebody has already decided this."))
        fields = Fields()
        cleaned = clean_note(reason, field="decision_reason", fields=fields, is_required=True)
        fields.refuse()
        outcome = Objection.Decision.UPHELD if is_upheld else Objection.Decision.REFUSED
        objection.decision, objection.decision_reason = outcome, cleaned
        objection.decided_by_id, objection.decided_at = by.user_id, clock.now()
        names = ["decision", "decision_reason", "decided_by", "decided_at"]
        objection.save(update_fields=names)
        facts = {"against": objection.against, "decision": str(outcome)}
        _trace(by, "decide_objection", request, objection=objection.pk, **facts)
    return objection


def lock_for_privacy(request_id: int, verb: Verb, *, by: Actor) -> ServiceRequest:
    """Lock a request in any state; raise NotFound or NotAllowed, by the office where it lies."""
    request = ServiceRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None or not ServiceRequest.objects.visible_to(by).filter(pk=request_id).exists():
        raise NotFound
    sector_id = terms_of(request.service_version_id).sector_id
    by.require(verb, office_id=request.office_id, sector_id=sector_id)
    return request


def value_of(applicant: Applicant, field: str) -> str:
    """Return what is on file: the name, or the phone as +855 …; "" without one."""
    if field == Corrected.FULL_NAME:
        return applicant.full_name
    return "" if applicant.phone_sealed is None else sealing.unseal(bytes(applicant.phone_sealed))


def _locked_applicant(request: ServiceRequest) -> Applicant:
    found = Applicant.objects.select_for_update().filter(pk=request.applicant_id or 0).first()
    if found is None or not found.full_name:
        message = _("Nobody is on file for this request any more, so nothing can be corrected.")
        raise InvalidTransition("nobody_on_file", message)
    return found


def _cleaned(field: str, value: str, reason: str, evidence: str) -> tuple[str, str, str]:
    fields = Fields()
    new = ""
    if field == Corrected.FULL_NAME:
        new = clean_name(value, field="value", fields=fields)
    elif field == Corrected.PHONE:
        new = clean_phone(value, field="value", fields=fields)
    else:
        fields.take("field", _("Choose what is wrong."))
    why = clean_note(reason, field="reason", fields=fields, is_required=True)
    proof = clean_note(evidence, field="evidence", fields=fields)
    if not proof:
        fields.take("evidence", _("Say which paper you saw that shows it."))
    fields.refuse()
    return new, why, proof


def _check_kept(request: ServiceRequest) -> None:
    if Disposal.objects.filter(kind=DataKind.FILES, subject_id=request.pk).exists():
        message = _("What was written in this file was removed; nothing more can be written.")
        raise InvalidTransition("file_disposed", message)


def _write(applicant: Applicant, field: str, new: str) -> None:
    if field == Corrected.FULL_NAME:
        applicant.full_name, applicant.name_search = new, normalise(new)[:SEARCH_LENGTH]
        applicant.save(update_fields=["full_name", "name_search"])
        return
    applicant.phone_sealed, applicant.phone_hash = sealed(new), hashed(new)
    applicant.phone_last4_hash = last4_hash(new) if new else None
    applicant.save(update_fields=["phone_sealed", "phone_hash", "phone_last4_hash"])


def _trace(by: Actor, verb: str, request: ServiceRequest, **facts: object) -> None:
    trace(by, verb, request, before=request.state, **facts).save(force_insert=True)
