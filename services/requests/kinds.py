"""The closed lists of words requests are written in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    """As the identity paper says."""

    FEMALE = "f", _("Female")
    MALE = "m", _("Male")


class IdKind(models.TextChoices):
    """The identity papers the offices accept."""

    NATIONAL_ID = "national_id", _("National identity card")
    PASSPORT = "passport", _("Passport")
    FAMILY_BOOK = "family_book", _("Family book")
    RESIDENCE_BOOK = "residence_book", _("Residence book")


class AuthorityKind(models.TextChoices):
    """On what authority somebody acts for the applicant."""

    FAMILY = "family", _("Member of the family")
    LETTER = "letter", _("Letter of authority")
    COMPANY = "company", _("For a company or an association")
    LAWYER = "lawyer", _("Lawyer")


class Outcome(models.TextChoices):
    """How a stage was left."""

    DONE = "done", _("Done")
    RETURNED = "returned", _("Sent back")
    FORWARDED = "forwarded", _("Forwarded to another office")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PauseReason(models.TextChoices):
    """Why the legal clock stands still."""

    PAPERS_MISSING = "papers_missing", _("A paper is missing")
    CORRECTION = "correction", _("Something in the papers must be corrected")
    FEE = "fee", _("The fee has not been paid")
    SITE_VISIT = "site_visit", _("The applicant must be present at a visit")
    OTHER = "other", _("Another reason, told to the applicant")


class EventKind(models.TextChoices):
    """What can happen to a request."""

    RECEIVED = "received", _("Received, papers missing")
    REGISTERED = "registered", _("Registered")
    PAID = "paid", _("Fee paid")
    REVERSED = "reversed", _("Payment reversed")
    ADVANCED = "advanced", _("Next stage")
    PAUSED = "paused", _("Waiting for the citizen")
    RESUMED = "resumed", _("Going on")
    FORWARDED = "forwarded", _("Forwarded to another office")
    READY = "ready", _("Ready to collect")
    DELIVERED = "delivered", _("Collected")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
