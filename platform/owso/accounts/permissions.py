"""The one permission table: role by verb, as data; what is not listed is denied."""

from collections.abc import Iterable, Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is at an office, or at the ministry."""

    INFORMATION_OFFICER = "information_officer", _("Information officer")
    CASHIER = "cashier", _("Cashier")
    AGENT = "agent", _("Back-office agent")
    SPECIALIST = "specialist", _("Specialist department")
    CHIEF = "chief", _("Office chief")
    SIGNATORY = "signatory", _("Signatory")
    ADMINISTRATOR = "administrator", _("Provincial administrator")
    OMBUDSMAN = "ombudsman", _("Citizens' office")
    MINISTRY_VIEWER = "ministry_viewer", _("Ministry viewer")
    MINISTRY_ADMIN = "ministry_admin", _("Ministry administrator")


class Verb(models.TextChoices):
    """What can be done."""

    REGISTER = "register", _("Register a request")
    COMPLETE_PAPERS = "complete_papers", _("Accept missing papers")
    TAKE_PAYMENT = "take_payment", _("Take a payment")
    REQUEST_REVERSAL = "request_reversal", _("Ask for a reversal")
    APPROVE_REVERSAL = "approve_reversal", _("Approve a reversal")
    POST_RATE = "post_rate", _("Post the exchange rate")
    CHECK_TILL = "check_till", _("Check tills and approve differences")
    MAKE_DEPOSIT = "make_deposit", _("Make a deposit slip")
    CONFIRM_DEPOSIT = "confirm_deposit", _("Confirm a deposit")
    ADVANCE = "advance", _("Finish a stage")
    PAUSE = "pause", _("Return for correction")
    RESUME = "resume", _("Resume")
    FORWARD = "forward", _("Forward to another office")
    REJECT = "reject", _("Reject")
    WITHDRAW = "withdraw", _("Withdraw")
    DELIVER = "deliver", _("Hand over")
    VIEW_REQUEST = "view_request", _("See a request")
    VIEW_QUEUE = "view_queue", _("See the queue")
    PRINT_SLIP = "print_slip", _("Print slips")
    MANAGE_OFFICES = "manage_offices", _("Manage offices and staff")
    TAKE_FILE = "take_file", _("Take a file")
    ASSIGN_FILE = "assign_file", _("Give a file to somebody")
    WRITE_NOTE = "write_note", _("Write a note")
    ASK_OPINION = "ask_opinion", _("Request an opinion")
    GIVE_OPINION = "give_opinion", _("Give an opinion")
    WRITE_DRAFT = "write_draft", _("Write a draft")
    SEND_BACK = "send_back", _("Send back to an earlier stage")
    SIGN = "sign", _("Sign a document")
    PRINT_OUTCOME = "print_outcome", _("Print the document")
    VIEW_NATIONAL = "view_national", _("See the national figures")
    MANAGE_CATALOGUE = "manage_catalogue", _("Manage the catalogue")
    RUN_OFFICE = "run_office", _("Run an office: counters, closed days, services")
    OVERSEE = "oversee", _("See the chief's page")
    VIEW_ACCESSES = "view_accesses", _("See who looked at a request")
    ATTACH_DOCUMENT = "attach_document", _("Attach a document")
    WITHDRAW_DOCUMENT = "withdraw_document", _("Withdraw a document")
    MANAGE_DEVICES = "manage_devices", _("Share a computer by PIN")
    LET_IN = "let_in", _("Let people of the office in again")
    CORRECT_DATA = "correct_data", _("Correct a person's data, record an objection")
    DECIDE_OBJECTION = "decide_objection", _("Decide an objection")
    COPY_DATA = "copy_data", _("Give a person a copy of all their data")
    HOLD_DATA = "hold_data", _("See retention, place and end holds")
    SET_RETENTION = "set_retention", _("Set retention periods")
    ANSWER_COMPLAINT = "answer_complaint", _("Answer complaints")
    SEE_VOICES = "see_voices", _("See ratings and late complaints")


_SEE = {Verb.VIEW_REQUEST, Verb.VIEW_QUEUE}
_WORK = {Verb.ADVANCE, Verb.PAUSE, Verb.RESUME, Verb.FORWARD}
# Work on a file beside its stages; whoever prepares the document also asks for opinions.
_FILE = {Verb.TAKE_FILE, Verb.WRITE_NOTE}
_OPINE = _FILE | {Verb.GIVE_OPINION, Verb.SEND_BACK}
_PREPARE = _OPINE | {Verb.ASK_OPINION, Verb.WRITE_DRAFT, Verb.PRINT_OUTCOME}
_DOCUMENTS = {Verb.ATTACH_DOCUMENT, Verb.WITHDRAW_DOCUMENT}

TABLE: Mapping[Role, frozenset[Verb]] = {
    Role.INFORMATION_OFFICER: frozenset(
        _SEE
        | _FILE
        | {
            Verb.PRINT_OUTCOME,
            Verb.REGISTER,
            Verb.COMPLETE_PAPERS,
            Verb.RESUME,
            Verb.FORWARD,
            Verb.WITHDRAW,
            Verb.DELIVER,
            Verb.PRINT_SLIP,
            Verb.ADVANCE,
            Verb.CORRECT_DATA,
        }
        | _DOCUMENTS
    ),
    Role.CASHIER: frozenset(
        _SEE | {Verb.TAKE_PAYMENT, Verb.REQUEST_REVERSAL, Verb.PRINT_SLIP, Verb.MAKE_DEPOSIT}
    ),
    Role.AGENT: frozenset(_SEE | _WORK | _PREPARE | _DOCUMENTS | {Verb.REJECT}),
    Role.SPECIALIST: frozenset(_SEE | _OPINE | {Verb.ADVANCE, Verb.ATTACH_DOCUMENT}),
    Role.CHIEF: frozenset(
        _SEE
        | _WORK
        | _PREPARE
        | _DOCUMENTS
        | {Verb.ASSIGN_FILE, Verb.REJECT, Verb.WITHDRAW, Verb.APPROVE_REVERSAL, Verb.POST_RATE}
        | {Verb.VIEW_ACCESSES, Verb.MANAGE_DEVICES, Verb.RUN_OFFICE, Verb.OVERSEE, Verb.LET_IN}
        | {Verb.CHECK_TILL, Verb.MAKE_DEPOSIT, Verb.CONFIRM_DEPOSIT}
        | {Verb.CORRECT_DATA, Verb.DECIDE_OBJECTION, Verb.COPY_DATA, Verb.SEE_VOICES}
    ),
    Role.SIGNATORY: frozenset(
        _SEE | _OPINE | {Verb.ADVANCE, Verb.REJECT, Verb.SIGN, Verb.PRINT_OUTCOME}
    ),
    Role.ADMINISTRATOR: frozenset(
        _SEE
        | {Verb.MANAGE_OFFICES, Verb.APPROVE_REVERSAL, Verb.POST_RATE, Verb.SEE_VOICES}
        | {Verb.VIEW_ACCESSES, Verb.MANAGE_DEVICES, Verb.RUN_OFFICE, Verb.OVERSEE, Verb.LET_IN}
        | {Verb.CHECK_TILL, Verb.MAKE_DEPOSIT, Verb.CONFIRM_DEPOSIT}
        | {Verb.HOLD_DATA}
    ),
    Role.OMBUDSMAN: frozenset(
        {Verb.VIEW_REQUEST, Verb.VIEW_ACCESSES, Verb.ANSWER_COMPLAINT, Verb.SEE_VOICES}
        | {Verb.COPY_DATA}
    ),
    Role.MINISTRY_VIEWER: frozenset({Verb.VIEW_NATIONAL}),
    Role.MINISTRY_ADMIN: frozenset({Verb.VIEW_NATIONAL, Verb.MANAGE_CATALOGUE, Verb.SET_RETENTION}),
}


def allows(role: str, verb: Verb) -> bool:
    """Tell whether a role may do something; an unknown role may do nothing."""
    return role in Role.values and verb in TABLE[Role(role)]


SECOND_STEP_VERBS = frozenset(
    {
        Verb.TAKE_PAYMENT,
        Verb.APPROVE_REVERSAL,
        Verb.MANAGE_OFFICES,
        Verb.LET_IN,
        Verb.VIEW_NATIONAL,
        Verb.MANAGE_CATALOGUE,
    }
)
"""Whoever holds one of these signs in with a second step besides the password."""
SECOND_STEP_ROLES = frozenset({Role.SIGNATORY})
"""Roles that need it whatever their verbs: a signature binds the administration."""


def needs_second_step(roles: Iterable[str]) -> bool:
    """Tell whether somebody with these roles must have a second step; unknown roles need none."""
    known = [Role(role) for role in roles if role in Role.values]
    return any(role in SECOND_STEP_ROLES or TABLE[role] & SECOND_STEP_VERBS for role in known)
