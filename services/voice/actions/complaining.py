"""Taking a complaint: words, files, the request it is about, and the start of its clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from owso.audit.actions import record
from owso.errors import Invalid, Message, NotFound
from services.calendars.deadlines import add_working_days
from services.casework.tokens import new_token
from services.documents import storing
from services.documents.attaching import Made, make
from services.requests.models import ServiceRequest
from services.voice.actions.saying import CITIZEN, calendar, fit_text, say
from services.voice.kinds import About, VoiceLimits
from services.voice.models import Complaint, ComplaintFile
from tenants import clock, sealing
from tenants.context import current_province


@dataclass(frozen=True, slots=True, kw_only=True)
class Grievance:
    """What somebody complains of; without `tracking_code` no request, without `contact` no name.

    `files` are (name, content).
    """

    text: str
    about: str
    tracking_code: str = ""
    contact: str = ""
    files: Sequence[tuple[str, bytes]] = field(default_factory=tuple)


def complain(grievance: Grievance, *, now: datetime | None = None) -> Complaint:
    """Take a complaint to the citizens' office and start its clock.

    Raises NotFound for a code without a request, Invalid for a text or a file that cannot be
    taken; then nothing is kept.
    """
    text, contact = _checked(grievance), _contact(grievance.contact)
    request = _request_of(grievance.tracking_code)
    made: list[Made] = []
    try:
        for name, content in grievance.files:
            made.append(make(name, content))
        with transaction.atomic():
            return _keep(grievance.about, text, contact, request, made, now or clock.now())
    except Exception:
        storing.discard(*(each.stored.file_name for each in made))
        raise


def _keep(
    about: str,
    text: str,
    contact: str,
    request: ServiceRequest | None,
    made: Sequence[Made],
    now: datetime,
) -> Complaint:
    complaint = Complaint.objects.create(
        code=new_token(current_province().code),
        request=request,
        office_id=request.office_id if request else None,
        about=about,
        contact_sealed=sealing.seal(contact) if contact else None,
        received_at=now,
        due_at=add_working_days(now, VoiceLimits.ANSWER_DAYS, calendar()),
        version=0,
    )
    say(complaint, text, now=now)
    ComplaintFile.objects.bulk_create(
        ComplaintFile(
            complaint=complaint,
            kind=each.kind,
            size_bytes=each.stored.size_bytes,
            file_name=each.stored.file_name,
            key_sealed=each.key_sealed,
            digest=each.stored.digest,
        )
        for each in made
    )
    record("complain", complaint, by=CITIZEN, about=about, files=len(made))
    return complaint


def _checked(grievance: Grievance) -> str:
    """Return the text; say all that is wrong at once, as a form is corrected in one go."""
    fields: dict[str, Message] = {}
    text = ""
    if grievance.about not in About.values:
        fields["about"] = _("Choose what it is about.")
    try:
        text = fit_text(grievance.text, "text")
    except Invalid as error:
        fields |= error.fields
    if len(grievance.files) > VoiceLimits.FILES:
        fields["files"] = ngettext_lazy(
            "At most %(count)s file can be added.",
            "At most %(count)s files can be added.",
            VoiceLimits.FILES,
        ) % {"count": VoiceLimits.FILES}
    if fields:
        raise Invalid("complaint_unfit", next(iter(fields.values())), fields=fields)
    return text


def _contact(contact: str) -> str:
    return contact.replace("\x00", "").strip()[: VoiceLimits.CONTACT_MAX]


def _request_of(tracking_code: str) -> ServiceRequest | None:
    if not tracking_code:
        return None
    request = ServiceRequest.objects.filter(tracking_code=tracking_code).first()
    if request is None:
        raise NotFound
    return request
