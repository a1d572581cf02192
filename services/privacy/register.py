"""Where personal data lies: every table and field, its kind, and what is left of it afterwards.

The disposal works by this register. A test walks the models: whatever could hold something a
person wrote, or is called like something about a person, must stand here or in `PLAIN` with
the reason why it is not personal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.retention.rules import DataKind

REMOVED = "—"
"""Stands where a text was that a constraint does not let be empty."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Personal data in one table.

    `way` leads from a row to what the period runs for: a request (or the applicant for
    APPLICANTS), or to the moment it runs from. `blanks` are the fields and what they become;
    `is_removed` means the whole row goes. What is `is_guarded` no role may change: the
    database's own function makes it blank.
    """

    kind: DataKind
    model: str
    way: str = ""
    blanks: Mapping[str, object] = field(default_factory=dict)
    is_removed: bool = False
    is_guarded: bool = False


HOLDINGS = (
    Holding(
        DataKind.APPLICANTS,
        "requests.applicant",
        "pk",
        {
            "full_name": "",
            "name_search": "",
            "sex": "",
            "id_kind": "",
            "id_sealed": None,
            "id_hash": None,
            "phone_sealed": None,
            "phone_hash": None,
            "phone_last4_hash": None,
        },
    ),
    Holding(
        # A hash of all that was typed would confirm a name that somebody guesses.
        DataKind.APPLICANTS,
        "requests.servicerequest",
        "applicant_id",
        {"content_hash": b""},
    ),
    Holding(DataKind.APPLICANTS, "privacy.legalhold", "applicant_id", {"reason": REMOVED}),
    Holding(DataKind.FILES, "requests.representation", "request_id", is_removed=True),
    Holding(DataKind.FILES, "requests.collection", "request_id", is_removed=True),
    Holding(DataKind.FILES, "requests.ending", "request_id", {"note": ""}),
    Holding(DataKind.FILES, "requests.pause", "request_id", {"note": ""}),
    Holding(DataKind.FILES, "casework.note", "request_id", {"text": REMOVED}, is_guarded=True),
    Holding(DataKind.FILES, "casework.draft", "request_id", {"body": REMOVED}, is_guarded=True),
    Holding(
        DataKind.FILES,
        "casework.opinion",
        "request_id",
        {"question": REMOVED, "answer": REMOVED},
        is_guarded=True,
    ),
    Holding(DataKind.FILES, "privacy.legalhold", "request_id", {"reason": REMOVED}),
    Holding(
        DataKind.FILES,
        "privacy.correction",
        "request_id",
        {"before_sealed": b"", "after_sealed": b"", "reason": REMOVED, "evidence": REMOVED},
        is_guarded=True,
    ),
    Holding(
        DataKind.FILES,
        "privacy.objection",
        "request_id",
        {"grounds": REMOVED, "decision_reason": REMOVED},
        is_guarded=True,
    ),
    Holding(
        DataKind.OUTCOMES,
        "casework.outcomedocument",
        "request_id",
        {"content_sealed": b"", "content_hash": b""},
        is_guarded=True,
    ),
    # Without its key a file cannot be opened, not even one that a backup still holds.
    Holding(DataKind.SCANS, "documents.document", "request_id", {"key_sealed": b""}),
    Holding(DataKind.SCANS, "documents.thumbnail", "document__request_id", is_removed=True),
    Holding(DataKind.MONEY, "cashier.reversalrequest", "payment__charge__request_id", {"note": ""}),
    Holding(DataKind.DRAFTS, "desk.draft", "expires_at", is_removed=True),
    Holding(DataKind.DRAFTS, "documents.upload", "touched_at", is_removed=True),
    Holding(DataKind.NOTICES, "escalation.notice", "created_at", is_removed=True),
    Holding(DataKind.TICKETS, "desk.ticket", "day", is_removed=True),
    Holding(DataKind.SESSIONS, "sessions.session", "expire_date", is_removed=True),
    # Goes with its session.
    Holding(DataKind.SESSIONS, "accounts.opensession", is_removed=True),
    Holding(DataKind.IMPORTS, "requests.importnote", "run__finished_at", is_removed=True),
    Holding(DataKind.IMPORTS, "requests.importline", "run__finished_at", is_removed=True),
    Holding(
        DataKind.COPIES, "privacy.datacopy", "expires_at", {"code_hash": None, "file_name": ""}
    ),
)

_STAFF = "about staff: kept as long as their acts are answered for"
_SEALED = "a secret of an account, sealed or hashed"
_CATALOGUE = "the framework's own words"
_CODE = "a code that names no person"
_PLACE = "about an office"
_MONEY = "about money, for the accounts"
_HASH = "of an encrypted file or a random key"

PLAIN: Mapping[str, str] = {
    "accounts.user": _STAFF,
    "account.emailaddress": _STAFF,
    "account.emailconfirmation": _SEALED,
    "mfa.authenticator": _SEALED,
    "auth.permission": _CATALOGUE,
    "auth.group": _CATALOGUE,
    "contenttypes.contenttype": _CATALOGUE,
    "audit.auditentry": "names staff and row numbers, never a citizen",
    "audit.accessentry": "names staff and row numbers, never a citizen",
    "audit.auditseal": _HASH,
    "offices.office": _PLACE,
    "offices.closure": _PLACE,
    "offices.calendarmark": _PLACE,
    "devices.device": _PLACE,
    "devices.devicepin": _SEALED,
    "requests.applicant.language": "a language",
    "requests.servicerequest.tracking_code": _CODE,
    "requests.servicerequest.fee_values": "numbers the fee is worked out from",
    "requests.servicerequest.source": "the name of an older register",
    "requests.servicerequest.source_ref": "the number in an older register, against double import",
    "requests.stagevisit": _CODE,
    "requests.requestevent": "the ledger of figures, with nothing personal by its nature",
    "requests.importrun": _CODE,
    "cashier.officemoney": _PLACE,
    "cashier.deposit": _MONEY,
    "cashier.tillsession": _MONEY,
    "cashier.tillcount": _MONEY,
    "cashier.khqrorder": _MONEY,
    "casework.outcomedocument.token": _CODE,
    "documents.document.file_name": "a random name",
    "documents.document.digest": _HASH,
    "desk.draft.service_code": _CODE,
    "desk.noticeconsent": "names a request and a text, and nobody once the applicant is anonymous",
    "privacy.disposalrun": "counts",
    "privacy.disposal": "a kind and a row number",
}


def holdings(kind: DataKind) -> tuple[Holding, ...]:
    """Return what holds data of a kind, in the order in which it is treated."""
    return tuple(each for each in HOLDINGS if each.kind == kind)
