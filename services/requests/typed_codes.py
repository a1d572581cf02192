"""Reading a tracking code out of whatever was typed or pasted, or saying what is wrong with it.

Nothing here asks the database: advice rests on the typed characters alone, so that it tells
nobody which codes exist.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.requests.codes import ALPHABET, CODE_LENGTH, parse_code
from services.requests.khmer import arabic_digits, without_invisible

MAX_PASTED = 2_000
MOST_LIKELY = 3
_GAP = r"[\s\-‐‑‒–—_.]"
_START = r"(?<![0-9A-Z])[0-9OIL]{2}"
# As it is printed first: in running text other letters and figures may look like a code.
_PATTERNS = (
    re.compile(
        rf"(?={_START}{_GAP}{{1,3}}(?:[0-9A-Z]{{5}}{_GAP}{{1,3}}){{2}}[0-9A-Z](?![0-9A-Z]))"
    ),
    re.compile(rf"(?={_START}(?:{_GAP}{{0,3}}[0-9A-Z]){{11}}(?![0-9A-Z]))"),
)
_LETTERS = re.compile(r"[0-9A-Z]")
# Characters that eye or ear takes for one another; O, I and L are read as digits anyway.
_ALIKE = ("0DQ", "17J", "2Z", "38B", "4A9", "5S6", "6G", "8R", "CG", "EF", "KX", "MNW", "PR", "UVY")
_NEVER = re.compile(r"[^0-9A-Z]")


class Wrong(StrEnum):
    """What is wrong with a typed code."""

    EMPTY = "empty"
    SHORT = "short"
    LONG = "long"
    LETTER = "letter"
    PROVINCE = "province"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why something is no code: how many characters it has, the first that never occurs, and
    the codes that one slip of the pen or the finger turns it into."""

    wrong: Wrong
    length: int = 0
    letter: str = ""
    likely: tuple[str, ...] = ()


def read_code(text: str) -> str | Mistake:
    """Return the code that stands in a text, forgiving as `parse_code`, or what is wrong.

    A whole message or address may be pasted: the first code in it counts.
    """
    pasted = text[:MAX_PASTED]
    if (code := parse_code(pasted)) is not None:
        return code
    plain = arabic_digits(without_invisible(pasted)).upper()
    found = list(_candidates(plain))
    for candidate in found:
        if (code := parse_code(candidate)) is not None:
            return code
    return _mistake(found[0] if found else plain)


def _candidates(plain: str) -> Iterator[str]:
    for pattern in _PATTERNS:
        for place in pattern.finditer(plain):
            yield "".join(_LETTERS.findall(plain, place.start())[:CODE_LENGTH])


def _mistake(plain: str) -> Mistake:
    typed = _NEVER.sub("", plain)
    length = len(typed)
    if not length:
        return Mistake(Wrong.EMPTY)
    if length != CODE_LENGTH:
        return Mistake(Wrong.SHORT if length < CODE_LENGTH else Wrong.LONG, length)
    letter = next((char for char in typed if char not in f"{ALPHABET}OIL"), "")
    likely = tuple(dict.fromkeys(_repaired(typed)))[:MOST_LIKELY]
    if letter:
        return Mistake(Wrong.LETTER, length, letter, likely)
    if not _is_province(typed[:2]):
        return Mistake(Wrong.PROVINCE, length, likely=likely)
    return Mistake(Wrong.CHECK, length, likely=likely)


def _is_province(typed: str) -> bool:
    return typed.translate(str.maketrans("OIL", "011")).isdecimal()


def _repaired(typed: str) -> Iterator[str]:
    """Codes that fit their check character: neighbours swapped, or one character taken for another.

    The check character of ISO 7064 notices each of these slips, so what was meant is among them
    when there was just one.
    """
    for place in range(CODE_LENGTH - 1):
        swapped = typed[place + 1] + typed[place]
        yield from _if_code(f"{typed[:place]}{swapped}{typed[place + 2 :]}")
    for place, char in enumerate(typed):
        for alike in _ALIKE:
            for meant in alike if char in alike else "":
                yield from _if_code(f"{typed[:place]}{meant}{typed[place + 1 :]}")


def _if_code(text: str) -> Iterator[str]:
    code = parse_code(text)
    if code is not None:
        yield code
