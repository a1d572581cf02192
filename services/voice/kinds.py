"""The closed lists of words ratings and complaints are written in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Criterion(models.TextChoices):
    """The lines of the score card used on these offices."""

    STAFF = "staff", _("Behaviour of the staff")
    PUNCTUALITY = "punctuality", _("Punctuality")
    SERVICE = "service", _("Level of service")
    FEES = "fees", _("Fees")
    QUALITY = "quality", _("Quality of the result")
    TRANSPARENCY = "transparency", _("Transparency")
    FRONT = "front", _("Accountability of the front office")
    BACK = "back", _("Accountability of the back office")


class Score(models.IntegerChoices):
    """How well it was done, five the best."""

    VERY_GOOD = 5, _("Very good")
    GOOD = 4, _("Good")
    FAIR = 3, _("Fair")
    POOR = 2, _("Poor")
    VERY_POOR = 1, _("Very poor")


class About(models.TextChoices):
    """What a complaint is about."""

    STAFF = "staff", _("How I was treated")
    DELAY = "delay", _("It takes too long")
    FEE = "fee", _("The fee, or money asked without a receipt")
    RESULT = "result", _("The result or the refusal")
    OTHER = "other", _("Something else")


class ComplaintOutcome(models.TextChoices):
    """The four outcomes the ministry counts; the first and the last keep a complaint open."""

    IN_JURISDICTION = "in_jurisdiction", _("Taken up: the citizens' office looks into it")
    NOT_IN_JURISDICTION = "not_in_jurisdiction", _("Not for the citizens' office to decide")
    RESOLVED = "resolved", _("Resolved")
    MORE_INFORMATION = "more_information", _("More information is needed from you")


FINAL = frozenset({ComplaintOutcome.NOT_IN_JURISDICTION, ComplaintOutcome.RESOLVED})


class VoiceLimits:
    """What a complaint may hold, and how long an answer may take.

    The working days are an assumption: no public text names them.
    """

    ANSWER_DAYS = 10
    TEXT_MIN, TEXT_MAX = 10, 4_000
    CONTACT_MAX = 200
    FILES = 3
