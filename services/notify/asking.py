"""What people write to us: a code somewhere in a text, or one of a few words."""

import re
from enum import Enum

from services.requests.codes import CODE_LENGTH, parse_code
from services.requests.khmer import arabic_digits, without_invisible

MOST_READ = 400
_STOP = frozenset({"stop", "ឈប់", "បញ្ឈប់", "unsubscribe", "end"})
_START = frozenset({"start", "ចាប់ផ្តើម"})
_ENGLISH = re.compile(r"\b(en|english)\b", re.IGNORECASE)
_GAP = r"[\s\-‐‑‒–—_.]*"
_CANDIDATE = re.compile(
    rf"(?<![0-9A-Za-z])(?=([0-9OoIiLl](?:{_GAP}[0-9A-Za-z]){{{CODE_LENGTH - 1}}})(?![0-9A-Za-z]))"
)


class Word(Enum):
    """What somebody wants of us."""

    STOP = "stop"
    START = "start"


def word_in(text: str) -> Word | None:
    """Return the word a text consists of: STOP, START, in both languages."""
    plain = without_invisible(text[:MOST_READ]).strip(" \t\r\n.!/។").casefold()
    if plain in _STOP:
        return Word.STOP
    return Word.START if plain in _START else None


def code_in(text: str) -> str | None:
    """Return the tracking code in a text, whatever stands around it; None without a sound one."""
    plain = arabic_digits(without_invisible(text[:MOST_READ]))
    found = (parse_code(match[1]) for match in _CANDIDATE.finditer(plain))
    return parse_code(text) or next((code for code in found if code), None)


def language_in(text: str) -> str:
    """Return the language somebody asks in: Khmer, unless they write `en` beside the code."""
    return "en" if _ENGLISH.search(text[:MOST_READ]) else "km"
