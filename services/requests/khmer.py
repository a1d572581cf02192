"""Khmer text made comparable: digits, zero-width characters, the two spellings of the coeng."""

import re
import unicodedata

DIGITS = str.maketrans("០១២៣៤៥៦៧៨៩", "0123456789")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
COENG_DA, COENG_TA = "\u17d2\u178a", "\u17d2\u178f"
_SPACES = re.compile(r"\s+")
_CLUSTER = re.compile(
    r"[^\u17b4-\u17d3\u17dd\u0300-\u036f](?:\u17d2.|[\u17b4-\u17d1\u17d3\u17dd\u0300-\u036f])*"
)


def arabic_digits(text: str) -> str:
    """Return the text with Khmer digits written 0-9."""
    return text.translate(DIGITS)


def without_invisible(text: str) -> str:
    """Return the text without zero-width spaces, joiners, soft hyphens and byte-order marks."""
    return text.translate(INVISIBLE)


def normalise(text: str) -> str:
    """Return the form of a name or search word that two spellings of it share.

    Zero-width characters go, subscript ដ becomes ត, Khmer digits become Arabic, white space
    is single, letters are folded.
    """
    plain = arabic_digits(without_invisible(unicodedata.normalize("NFC", text)))
    return _SPACES.sub(" ", plain.replace(COENG_DA, COENG_TA)).strip().casefold()


def mask(name: str) -> str:
    """Return a name for a list: the first cluster of each word, the rest hidden."""
    return " ".join(f"{_first_cluster(word)}…" for word in name.split())


def _first_cluster(word: str) -> str:
    found = _CLUSTER.match(word)
    return found.group() if found else word[0]
