"""Signing a document: it gets its number, its code and its fixed text in one transaction."""

import hashlib
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Role
from owso.errors import AlreadyDone, InvalidTransition
from services.casework.contents import content_of
from services.casework.models import OutcomeDocument
from services.casework.rules import issues_document
from services.casework.stages import own_stage
from services.casework.tokens import new_token
from services.catalogue.terms import VersionTerms
from services.offices.actors import Actor
from services.offices.drawing import drawing
from services.requests.actions import advance_request
from services.requests.locking import lock_for
from services.requests.models import ServiceRequest
from services.requests.texts import checked_now
from services.requests.trail import trace
from services.requests.writing import write_together
from tenants import clock, sealing
from tenants.context import current_province


def sign_outcome(
    request_id: int,
    *,
    by: Actor,
    seen_visit_id: int | None = None,
    now: datetime | None = None,
) -> OutcomeDocument:
    """Sign the document of a request in the signatory's stage and finish that stage.

    The number is the next of the office and year, without gaps: a roll-back gives it back.
    Raises AlreadyDone when it is signed, InvalidTransition in another stage or for a service
    without a document, Conflict while an opinion is waited for.
    """
    moment = checked_now(now)
    with transaction.atomic():
        request, terms = lock_for("sign", request_id, by=by, seen_visit_id=seen_visit_id)
        _check(request, terms, by=by)
        document = _signed(request, terms, by=by, now=moment)
        document.save(force_insert=True)
        entry = trace(
            by,
            "sign",
            request,
            before=request.state,
            number=[document.year, document.number],
            content=document.content_hash.hex(),
        )
        write_together(entry)
        advance_request(request_id, by=by, seen_visit_id=request.current_visit_id, now=moment)
    return document


def _check(request: ServiceRequest, terms: VersionTerms, *, by: Actor) -> None:
    visit = own_stage(request, terms, by=by)
    if visit.actor_role != Role.SIGNATORY or not issues_document(terms):
        raise InvalidTransition("nothing_to_sign", _("There is no document to sign in this stage."))
    if OutcomeDocument.objects.filter(request=request).exists():
        raise AlreadyDone("signed_already", _("The document of this request is signed already."))


def _signed(
    request: ServiceRequest, terms: VersionTerms, *, by: Actor, now: datetime
) -> OutcomeDocument:
    assert by.user_id is not None, "only a person signs"
    year = clock.local_day(now).year
    document = OutcomeDocument(
        request=request,
        office_id=request.office_id,
        year=year,
        number=next_outcome_number(request.office_id, year),
        token=new_token(current_province().code),
        signed_by_id=by.user_id,
        signed_at=now,
    )
    text = content_of(request, terms, document).as_json()
    document.content_sealed = sealing.seal(text)
    document.content_hash = hashlib.sha256(text.encode()).digest()
    return document


def next_outcome_number(office_id: int, year: int) -> int:
    """Take the next number of an office's documents; its row stays locked until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(drawing("casework_outcomeseries"), [office_id, year, 1])
        number: int = cursor.fetchone()[0]
    return number
