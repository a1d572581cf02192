"""Answering a complaint, adding to it, and telling when its answer is late."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.audit.actions import record
from owso.errors import Conflict, Invalid, InvalidTransition, NotFound
from services.calendars.deadlines import add_working_minutes, working_minutes_between
from services.offices.actors import Actor, system_actor
from services.voice.actions.saying import CITIZEN, calendar, citizens_office, fit_text, say
from services.voice.kinds import FINAL, ComplaintOutcome
from services.voice.models import Complaint
from tenants import clock


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
    words, moment = fit_text(text, "text"), now or clock.now()
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
        say(complaint, words, now=moment, outcome=outcome, by_id=by.user_id)
        record("answer_complaint", complaint, by=by, outcome=[before, outcome])
    return complaint


def add_information(code: str, text: str, *, now: datetime | None = None) -> Complaint:
    """Let who complained say what they were asked for; the clock runs again.

    Raises NotFound for an unknown code, InvalidTransition when nothing was asked.
    """
    words, moment = fit_text(text, "text"), now or clock.now()
    with transaction.atomic():
        complaint = _locked(Complaint.objects.select_for_update().filter(code=code).first())
        if not complaint.is_waiting:
            message = _("Nothing more was asked for. The citizens' office has what you wrote.")
            raise InvalidTransition("nothing_asked", message)
        _run_clock(complaint, moment)
        say(complaint, words, now=moment)
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


def _run_clock(complaint: Complaint, now: datetime) -> None:
    """End a wait for the citizen: its working time is added to the day of the answer."""
    if complaint.waiting_since is None:
        return
    working = calendar()
    waited = working_minutes_between(complaint.waiting_since, now, working)
    complaint.due_at = add_working_minutes(complaint.due_at, waited, working)
    complaint.waiting_since = None


def _locked(complaint: Complaint | None) -> Complaint:
    if complaint is None:
        raise NotFound
    if complaint.is_closed:
        message = _("This complaint is closed. A new matter needs a new complaint.")
        raise InvalidTransition("complaint_closed", message)
    return complaint
