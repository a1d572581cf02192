"""What is said of a typed code that cannot be one: the mistake, and what was probably meant."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from services.requests.codes import format_code
from services.requests.khmer import arabic_digits, without_invisible
from services.requests.typed_codes import Mistake, Wrong


@dataclass(frozen=True, slots=True)
class Meant:
    """A code that was probably meant; each character with whether it was typed otherwise."""

    code: str
    characters: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """One sentence, and the likely codes."""

    sentence: str
    likely: tuple[Meant, ...]


def advice_on(mistake: Mistake, typed: str) -> Advice:
    """Put into words what is wrong with what was typed."""
    plain = [char for char in arabic_digits(without_invisible(typed)).upper() if char.isalnum()]
    return Advice(_sentence(mistake), tuple(_meant(code, plain) for code in mistake.likely))


def _sentence(mistake: Mistake) -> str:
    words = {"count": mistake.length, "letter": mistake.letter}
    return {
        Wrong.EMPTY: _("No code was typed. It stands under the picture on your slip."),
        Wrong.SHORT: _("A code has 13 characters, here are %(count)s: some are missing."),
        Wrong.LONG: _("A code has 13 characters, here are %(count)s: some are too many."),
        Wrong.LETTER: _("The letter %(letter)s never occurs in a code."),
        Wrong.PROVINCE: _("A code begins with the two digits of its province, such as 01."),
        Wrong.CHECK: _(
            "The last character does not fit the others: one was mistyped, or two were swapped."
        ),
    }[mistake.wrong] % words


def _meant(code: str, typed: list[str]) -> Meant:
    printed, place = format_code(code), 0
    characters: list[tuple[str, bool]] = []
    for char in printed:
        is_other = char != "-" and place < len(typed) and typed[place] != char
        characters.append((char, is_other))
        place += char != "-"
    return Meant(printed, tuple(characters))
