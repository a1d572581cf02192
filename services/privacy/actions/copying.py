"""A copy of all their data for the person who asks at the counter, paper in hand."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.audit.models import Reading
from owso.errors import Invalid
from services.casework.tokens import new_token
from services.documents import containers, storing
from services.offices.actors import Actor
from services.privacy.actions.correcting import lock_for_privacy
from services.privacy.collecting import PersonFile, gathered
from services.privacy.models import DataCopy, Proof
from services.privacy.queries import requests_of_person
from services.requests.accesses import Read, record_reads
from services.requests.models import IdKind, ServiceRequest
from services.requests.people import hashed
from services.requests.texts import Fields, clean_paper_number
from services.requests.trail import trace
from tenants import clock
from tenants.context import current_province

FOLDER = "copies"
VALID_FOR = timedelta(days=14)
DETAIL = "copy"
Printer = Callable[[PersonFile], bytes]


@dataclass(frozen=True, slots=True)
class Made:
    """A copy that was made: the code that opens it, known to nobody else, and the printed form."""

    copy: DataCopy
    code: str
    pdf: bytes


def give_copy(
    request_id: int, *, by: Actor, id_kind: str, id_number: str, printed: Printer
) -> Made:
    """Make a copy of everything about the person of a request, over the whole province.

    The number of the identity paper in the officer's hand must be the one on file; where none
    is on file, the kind of paper seen is recorded. Every request in the copy is recorded as
    read. The file is sealed with the code, so that only the person can open it. Raises
    NotFound, NotAllowed, Invalid.
    """
    with transaction.atomic():
        request = lock_for_privacy(request_id, Verb.COPY_DATA, by=by)
        proof = _proof(request, id_kind, id_number)
        requests = requests_of_person(request)
        record_reads(by, [Read(each, Reading.FILE, DETAIL) for each in requests])
        with translation.override("km"):
            found = gathered(requests, clock.now())
        pdf = printed(found)
        code = new_token(str(current_province().code))
        stored = storing.store(_package(found, pdf), key_of(code), folder=FOLDER)
        try:
            copy = _recorded(request, proof, id_kind, code, stored.file_name, by=by)
        except Exception:
            storing.discard(stored.file_name)
            raise
        facts = {"copy": copy.pk, "proof": str(proof), "requests": len(requests)}
        trace(by, "give_copy", request, before=request.state, **facts).save(force_insert=True)
    return Made(copy, code, pdf)


def take_copy(code: str) -> bytes | None:
    """Return the package of a code once, or None; stands under the portal's role.

    For ten minutes it may be fetched again, as lines break.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT privacy_take_copy(%s)", [code_hash(code)])
        name = cursor.fetchone()[0]
    return None if name is None else storing.load(name, key_of(code))


def code_hash(code: str) -> bytes:
    """Return what finds a copy by its code; 80 random bits need no slow hash."""
    return hashlib.sha256(b"owso:copy:" + code.encode()).digest()


def key_of(code: str) -> bytes:
    """Return the key that the code itself is."""
    info = b"owso:copy:key"
    return HKDF(SHA256(), containers.KEY_BYTES, salt=None, info=info).derive(code.encode())


def _proof(request: ServiceRequest, id_kind: str, id_number: str) -> Proof:
    fields = Fields()
    if id_kind not in IdKind.values:
        fields.take("id_kind", _("Choose the paper you saw."))
    number = clean_paper_number(id_number, kind=id_kind, field="id_number", fields=fields)
    fields.refuse()
    applicant = request.applicant
    if applicant is None or not applicant.full_name:
        raise Invalid("nobody_on_file", _("Nobody is on file for this request any more."))
    if applicant.id_hash is None:
        return Proof.SEEN
    if bytes(applicant.id_hash) != hashed(f"{id_kind}:{number}"):
        message = _(
            "This is not the number on file. Look at the paper again; if it is another person,"
            " nothing may be handed out."
        )
        raise Invalid("not_the_person", message, fields={"id_number": message})
    return Proof.MATCHED


def _recorded(
    request: ServiceRequest, proof: Proof, id_kind: str, code: str, file_name: str, *, by: Actor
) -> DataCopy:
    assert by.user_id is not None  # somebody stands at the counter
    moment = clock.now()
    return DataCopy.objects.create(
        request=request,
        proof=proof,
        id_kind=id_kind,
        made_by_id=by.user_id,
        made_at=moment,
        expires_at=moment + VALID_FOR,
        code_hash=code_hash(code),
        file_name=file_name,
    )


def _package(found: PersonFile, pdf: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("data.json", json.dumps(found.as_data(), ensure_ascii=False, indent=1))
        package.writestr("data.pdf", pdf)
    return made.getvalue()
