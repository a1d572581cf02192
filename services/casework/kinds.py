"""The closed lists of words the back office writes in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Role


class NoteKind(models.TextChoices):
    """What a note on a file is about."""

    REMARK = "remark", _("Note")
    RETURNED = "returned", _("Sent back")


class Recommendation(models.TextChoices):
    """What an opinion comes to."""

    FAVOURABLE = "favourable", _("In favour")
    CONDITIONAL = "conditional", _("In favour, under conditions")
    UNFAVOURABLE = "unfavourable", _("Against")


ASKED_ROLES = (Role.SPECIALIST, Role.AGENT, Role.CHIEF)
"""Whose opinion can be asked for."""
DRAFTING_ROLES = frozenset({Role.AGENT, Role.CHIEF})
"""In whose stages the draft of a document may be written."""
OPINION_DAYS = range(1, 11)
"""Working days that may be given for an opinion."""
