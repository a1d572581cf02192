"""Rating a collected request, complaining, answering, and telling when an answer is late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from owso.accounts.permissions import Verb
from owso.audit.actions import record
from owso.errors import (
    AlreadyDone,
    Conflict,
    Invalid,
    InvalidTransition,
    Message,
    NotFound,
)
from services.calendars.deadlines import (
    add_working_days,
    add_working_minutes,
    working_minutes_between,
)
from services.calendars.working import WorkingCalendar
from services.casework.tokens import new_token
from services.documents import storing
from services.documents.attaching import Made, make
from services.offices.actors import Actor, system_actor
from services.offices.calendars import calendar_of
from services.offices.queries import office_by_code
from services.requests.khmer import without_invisible
from services.requests.models import ServiceRequest
from services.requests.states import State
from services.voice.kinds import (
    FINAL,
    About,
    ComplaintOutcome,
    Criterion,
    Score,
    VoiceLimits,
)
from services.voice.models import Complaint, ComplaintFile, ComplaintWord, Rating, RatingScore
from tenants import clock, sealing
from tenants.context import current_province

CITIZEN = system_actor("citizen")
"""Whoever holds a code; the trail keeps neither name nor address of them."""


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


def rate_request(
    tracking_code: str, scores: Mapping[str, int], *, now: datetime | None = None
) -> Rating:
    """Keep how a citizen found a collected request, once for all.

    Raises NotFound for an unknown code, InvalidTransition before the collection, AlreadyDone
    for a second rating, Invalid for an empty card.
    """
    known = {name: score for name, score in scores.items() if name in Criterion.values}
    if not known or not set(known.values()) <= set(Score.values):
        message = _("Choose an answer on at least one line.")
        raise Invalid("rating_empty", message, fields={"scores": message})
    moment = now or clock.now()
    with transaction.atomic():
        request = ServiceRequest.objects.select_for_update().filter(tracking_code=tracking_code)
        found = request.first()
        if found is None:
            raise NotFound
        if found.state != State.DELIVERED:
            message = _("You can rate a request once its result has been collected.")
            raise InvalidTransition("not_collected", message)
        if Rating.objects.filter(request=found).exists():
            message = _("This request has been rated already. Thank you.")
            raise AlreadyDone("already_rated", message)
        rating = Rating.objects.create(
            request=found, office_id=found.office_id, rated_on=clock.local_day(moment)
        )
        RatingScore.objects.bulk_create(
            RatingScore(rating=rating, criterion=name, score=score)
            for name, score in sorted(known.items())
        )
        record("rate", rating, by=CITIZEN, lines=len(known))
    return rating


def complain(grievance: Grievance, *, now: datetime | None = None) -> Complaint:
    """Take a complaint to the citizens' office and start its clock.

    Raises NotFound for a code without a request, Invalid for a text or a file that cannot be
    taken; then nothing is kept.
    """
    text, contact = _checked(grievance), _contact(grievance.contact)
    if len(grievance.files) > VoiceLimits.FILES:
        message = ngettext_lazy(
            "At most %(count)s file can be added.",
            "At most %(count)s files can be added.",
            VoiceLimits.FILES,
        ) % {"count": VoiceLimits.FILES}
        raise Invalid("too_many_files", message, fields={"files": message})
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


def answer_complaint(
    complaint_id: int,
    *,
    by: Actor,
    outcome: str,
    text: str,
    seen_version: int,
    now: datetime | None = None,
) -> Complaint:
    """Say something to who complained, with one of the four outcomes.

    Raises NotFound without the right to see complaints, Conflict when something was said since
    the page was opened, InvalidTransition for a closed complaint, Invalid.
    """
    if not by.may(Verb.ANSWER_COMPLAINT, office_id=citizens_office()):
        raise NotFound
    if outcome not in ComplaintOutcome.values:
        message = _("Choose an outcome.")
        raise Invalid("outcome_unknown", message, fields={"outcome": message})
    words, moment = _text(text, "text"), now or clock.now()
    with transaction.atomic():
        complaint = _locked(Complaint.objects.select_for_update().filter(pk=complaint_id).first())
        if complaint.version != seen_version:
            message = _("Something was said since you opened this page. Read it, then answer.")
            raise Conflict("complaint_moved_on", message)
        before = complaint.outcome
        _run_clock(complaint, moment)
        complaint.outcome = outcome
        if outcome == ComplaintOutcome.MORE_INFORMATION:
            complaint.waiting_since = moment
        complaint.closed_at = moment if outcome in FINAL else None
        _say(complaint, words, now=moment, outcome=outcome, by_id=by.user_id)
        record("answer_complaint", complaint, by=by, outcome=[before, outcome])
    return complaint


def add_information(code: str, text: str, *, now: datetime | None = None) -> Complaint:
    """Let who complained say what they were asked for; the clock runs again.

    Raises NotFound for an unknown code, InvalidTransition when nothing was asked.
    """
    words, moment = _text(text, "text"), now or clock.now()
    with transaction.atomic():
        complaint = _locked(Complaint.objects.select_for_update().filter(code=code).first())
        if not complaint.is_waiting:
            message = _("Nothing more was asked for. The citizens' office has what you wrote.")
            raise InvalidTransition("nothing_asked", message)
        _run_clock(complaint, moment)
        _say(complaint, words, now=moment)
        record("add_information", complaint, by=CITIZEN)
    return complaint


def escalate_late_complaints(now: datetime | None = None) -> int:
    """Mark every complaint that has become late, once; the administrator sees how many."""
    moment, count = now or clock.now(), 0
    late = Complaint.objects.filter(
        closed_at__isnull=True,
        waiting_since__isnull=True,
        escalated_at__isnull=True,
        due_at__lt=moment,
    )
    for complaint_id in late.values_list("pk", flat=True):
        with transaction.atomic():
            complaint = Complaint.objects.select_for_update().get(pk=complaint_id)
            if complaint.escalated_at is None and complaint.is_late(moment):
                complaint.escalated_at = moment
                complaint.save(update_fields=["escalated_at"])
                record("escalate_complaint", complaint, by=system_actor("voice"))
                count += 1
    return count


def citizens_office() -> int:
    """Return the office whose calendar complaints keep: the province's unit."""
    return office_by_code(f"{current_province().code}00").id


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
        office_id=request and request.office_id,
        about=about,
        contact_sealed=sealing.seal(contact) if contact else None,
        received_at=now,
        due_at=add_working_days(now, VoiceLimits.ANSWER_DAYS, _calendar()),
        version=0,
    )
    _say(complaint, text, now=now)
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


def _say(
    complaint: Complaint, text: str, *, now: datetime, outcome: str = "", by_id: int | None = None
) -> None:
    """Add a word and save the complaint with its next version."""
    complaint.version += 1
    complaint.save()
    ComplaintWord.objects.create(
        complaint=complaint,
        number=complaint.version,
        outcome=outcome,
        text_sealed=sealing.seal(text),
        by_id=by_id,
        said_at=now,
    )


def _run_clock(complaint: Complaint, now: datetime) -> None:
    """End a wait for the citizen: its working time is added to the day of the answer."""
    if complaint.waiting_since is None:
        return
    calendar = _calendar()
    waited = working_minutes_between(complaint.waiting_since, now, calendar)
    complaint.due_at = add_working_minutes(complaint.due_at, waited, calendar)
    complaint.waiting_since = None


def _locked(complaint: Complaint | None) -> Complaint:
    if complaint is None:
        raise NotFound
    if complaint.is_closed:
        message = _("This complaint is closed. A new matter needs a new complaint.")
        raise InvalidTransition("complaint_closed", message)
    return complaint


def _checked(grievance: Grievance) -> str:
    """Return the text; say all that is wrong at once, as a form is corrected in one go."""
    fields: dict[str, Message] = {}
    text = ""
    if grievance.about not in About.values:
        fields["about"] = _("Choose what it is about.")
    try:
        text = _text(grievance.text, "text")
    except Invalid as error:
        fields |= error.fields
    if fields:
        code = "about_unknown" if "about" in fields else "text_unfit"
        raise Invalid(code, next(iter(fields.values())), fields=fields)
    return text


def _request_of(tracking_code: str) -> ServiceRequest | None:
    if not tracking_code:
        return None
    request = ServiceRequest.objects.filter(tracking_code=tracking_code).first()
    if request is None:
        raise NotFound
    return request


def _text(text: str, name: str) -> str:
    cleaned = text.replace("\x00", "").strip()
    if len(without_invisible(cleaned)) < VoiceLimits.TEXT_MIN:
        message = _("Write a little more, so that it can be understood.")
        raise Invalid("text_short", message, fields={name: message})
    if len(cleaned) > VoiceLimits.TEXT_MAX:
        message = _("This text is too long: at most %(count)s characters.") % {
            "count": VoiceLimits.TEXT_MAX
        }
        raise Invalid("text_long", message, fields={name: message})
    return cleaned


def _contact(contact: str) -> str:
    return contact.replace("\x00", "").strip()[: VoiceLimits.CONTACT_MAX]


def _calendar() -> WorkingCalendar:
    return calendar_of(citizens_office())
