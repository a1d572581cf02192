"""In which ways and currencies money comes in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Method(models.TextChoices):
    """How money comes in."""

    CASH = "cash", _("Cash")
    KHQR = "khqr", _("KHQR by phone")


class Currency(models.TextChoices):
    """The two currencies the offices take."""

    KHR = "KHR", _("Riel")
    USD = "USD", _("US dollar")
