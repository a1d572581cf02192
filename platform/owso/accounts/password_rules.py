"""The rule that Django's own lack: no predictable password (NIST SP 800-63B, section 5.1.1.2)."""

from itertools import pairwise

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CONTEXT_WORDS = ("owso", "onewindow", "ច្រកចេញចូលតែមួយ")
"""Words of this system, which a guesser would try first."""


class PredictablePasswordValidator:
    """Refuses repeated and counted letters, this system's name, common words with trimmings."""

    def __init__(self) -> None:
        self._common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError for a password that follows a pattern."""
        plain = password.casefold().replace(" ", "")
        letters = "".join(letter for letter in plain if letter.isalpha())
        is_context = len(letters) < 12 and any(word in plain for word in CONTEXT_WORDS)
        if _is_repeated(plain) or _is_counted(plain) or letters in self._common or is_context:
            raise ValidationError(
                _("This password follows a pattern that is easy to guess. Take a short sentence."),
                code="password_predictable",
            )

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("No repeated or counted letters, and no common word with a few digits.")


def _is_repeated(text: str) -> bool:
    """Tell whether a text is one block over and over, such as abcabcabc."""
    return bool(text) and text in (text + text)[1:-1]


def _is_counted(text: str) -> bool:
    """Tell whether each letter follows the one before, up or down; 0 comes after 9."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    if text.isdigit():
        steps = {step % 10 for step in steps}
    return len(steps) == 1
