"""The rules of retention as data: each kind of data, its purpose, its period and the source of it.

A period that a law fixes is `SOURCED`. The others are `PLACEHOLDER`: the ministry has to confirm
them, and can set its own for each kind, never below the legal minimum. Days are counted from
what `since` says.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.catalogue.kinds import Standing

YEAR = 365
ACCOUNTING_LAW = _("Law on Accounting and Auditing (2016): ten years")
TO_CONFIRM = _("To be confirmed by the ministry; draft law on personal data protection (2025)")
OWN_REGULATION = _("Set by this system; the shortest time in which it still serves")


class DataKind(models.TextChoices):
    """The kinds of data that are kept for a time of their own."""

    APPLICANTS = "applicants", _("Name, sex, phone and identity number of the applicant")
    FILES = "files", _("What is written in a file: who came, notes, opinions, drafts, corrections")
    SCANS = "scans", _("Scans and photos of papers")
    OUTCOMES = "outcomes", _("The content of signed documents")
    MONEY = "money", _("Payments and receipts")
    DRAFTS = "drafts", _("Forms begun at the counter and not registered")
    CONSENTS = "consents", _("Consents to notices")
    NOTICES = "notices", _("Notices to staff")
    READINGS = "readings", _("Who looked at a file")
    AUDIT = "audit", _("Who did what in a file")
    SESSIONS = "sessions", _("Sessions and PINs of staff")
    TICKETS = "tickets", _("Numbers of the waiting room")
    IMPORTS = "imports", _("Remarks on rows of older registers")
    COPIES = "copies", _("Copies of a person's data made for that person")
    STAFF = "staff", _("Accounts of staff")


class Ending(models.TextChoices):
    """How the end of a kind of data comes."""

    DISPOSED = "disposed", _("Removed or made anonymous by the weekly disposal")
    WITH_APPLICANT = "with_applicant", _("Names nobody any more once the applicant is anonymous")
    SOON = "soon", _("Removed by itself within hours or days")
    KEPT = "kept", _("Kept: it names no citizen")


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of data; `usual_days` and `minimum_days` are None where no period runs."""

    kind: DataKind
    purpose: str | Promise
    since: str | Promise
    ending: Ending
    usual_days: int | None = None
    minimum_days: int | None = None
    source: str | Promise = TO_CONFIRM
    standing: Standing = Standing.PLACEHOLDER


_CLOSED = _("the request has ended")
_NOTHING = _("no period runs")

_RULES = (
    Rule(
        DataKind.APPLICANTS,
        _("To know for whom a request is, and to reach that person"),
        _("the last request of the person has ended"),
        Ending.DISPOSED,
        5 * YEAR,
        YEAR,
    ),
    Rule(
        DataKind.FILES,
        _("To decide the request, and to answer complaints about the decision"),
        _CLOSED,
        Ending.DISPOSED,
        5 * YEAR,
        YEAR,
    ),
    Rule(
        DataKind.SCANS,
        _("To check the papers without asking the citizen for them again"),
        _CLOSED,
        Ending.DISPOSED,
        2 * YEAR,
        180,
    ),
    Rule(
        DataKind.OUTCOMES,
        _("To print a lost document again and to prove what was signed"),
        _CLOSED,
        Ending.DISPOSED,
        10 * YEAR,
        5 * YEAR,
    ),
    Rule(
        DataKind.MONEY,
        _("To account for public money; sums and numbers stay, remarks about people go"),
        _CLOSED,
        Ending.DISPOSED,
        10 * YEAR,
        10 * YEAR,
        ACCOUNTING_LAW,
        Standing.SOURCED,
    ),
    Rule(
        DataKind.DRAFTS,
        _("To go on after the line was lost"),
        _("the form was last saved"),
        Ending.SOON,
        source=OWN_REGULATION,
    ),
    Rule(
        DataKind.CONSENTS,
        _("To prove that the person agreed to be told, and to which words"),
        _NOTHING,
        Ending.WITH_APPLICANT,
    ),
    Rule(
        DataKind.NOTICES,
        _("To remind staff of limits"),
        _("the notice was written"),
        Ending.DISPOSED,
        YEAR,
        30,
        OWN_REGULATION,
    ),
    Rule(
        DataKind.READINGS,
        _("So that nobody reads a file without a trace, and the citizen can see it"),
        _NOTHING,
        Ending.KEPT,
    ),
    Rule(
        DataKind.AUDIT,
        _("To hold every officer to account for every step"),
        _NOTHING,
        Ending.KEPT,
    ),
    Rule(
        DataKind.SESSIONS,
        _("To keep an officer signed in, and to end a session that is not theirs"),
        _("the session has ended"),
        Ending.DISPOSED,
        1,
        1,
        OWN_REGULATION,
    ),
    Rule(
        DataKind.TICKETS,
        _("To call people in their order"),
        _("the day of the number"),
        Ending.DISPOSED,
        YEAR,
        1,
        OWN_REGULATION,
    ),
    Rule(
        DataKind.IMPORTS,
        _("To mend rows of an older register"),
        _("the import has finished"),
        Ending.DISPOSED,
        180,
        1,
        OWN_REGULATION,
    ),
    Rule(
        DataKind.COPIES,
        _("To give a person all that is kept about that person"),
        _("the code for the copy has expired"),
        Ending.DISPOSED,
        1,
        1,
        OWN_REGULATION,
    ),
    Rule(
        DataKind.STAFF,
        _("To know who acted; a person who left no longer signs in, and the name stays"),
        _NOTHING,
        Ending.KEPT,
    ),
)
RULES: Mapping[DataKind, Rule] = {rule.kind: rule for rule in _RULES}
