"""The words a person agrees to when they want notices, and the version of those words."""

from django.utils.translation import gettext_lazy as _

TEXT_VERSION = "2026-1"
"""Goes up with every change of the text below; a test holds the two together."""

TEXT = _(
    "I agree that this office tells me on this phone number how my request goes on: received,"
    " something missing, ready. Nothing else is sent, and I can end it at any time."
)
