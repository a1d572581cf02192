"""Finding a service by what people type: Khmer typed in any way, or Latin letters.

Both sides are folded to a form in which the usual slips of Khmer typing vanish: zero-width
spaces, a subscript without its coeng or after its vowel, the two subscripts of ដ and ត, a vowel
put together of two, signs above left out. What is then not contained is compared by trigrams.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from services.catalogue.terms import VersionTerms
from services.citizens.life_events import events_of
from services.requests.khmer import normalise

MAX_TYPED = 80
SHOWN = 20
ENOUGH = 0.6
"""The share of a query's trigrams that must occur; below, people find it odd (tried by hand)."""
# What is worth how much: the service's own names, words of daily life, the wider field.
NAME, WORDS, FIELD = 1.0, 0.9, 0.6
_CLUSTER = re.compile(r"([\u1780-\u17b3])((?:\u17d2[\u1780-\u17b3]|[\u17b4-\u17d3\u17dd])+)")
_SUBSCRIPT = re.compile(r"\u17d2([\u1780-\u17b3])")
_SIGNS = dict.fromkeys([0x17B4, 0x17B5, *range(0x17C9, 0x17D4), 0x17DD])
# Two vowels typed for one, in the order in which a cluster is written here.
_VOWELS = {"\u17b8\u17c1": "\u17be", "\u17b6\u17c1": "\u17c4"}


def fold(text: str) -> str:
    """Return the form that two ways of typing the same words share; nothing but letters, digits."""
    plain = _CLUSTER.sub(_in_order, normalise(text)).translate(_SIGNS)
    for two, one in _VOWELS.items():
        plain = plain.replace(two, one)
    # Python counts Khmer vowels as no letters of a word.
    return "".join(char for char in plain if char.isalnum() or "\u17b6" <= char <= "\u17c8")


def _in_order(found: re.Match[str]) -> str:
    """Write a cluster as consonant, subscripts, vowels."""
    base, marks = found.groups()
    subscripts = "".join(_SUBSCRIPT.findall(marks))
    vowels = "".join(sorted(_SUBSCRIPT.sub("", marks)))
    return base + subscripts + vowels


def search(services: Iterable[VersionTerms], typed: str) -> tuple[VersionTerms, ...]:
    """Return the services that what was typed may mean, the likeliest first, at most twenty."""
    words = _words(typed[:MAX_TYPED])
    if not words:
        return ()
    found = [(_score(words, _fields(each)), each) for each in services]
    likely = [pair for pair in found if pair[0] >= ENOUGH * FIELD]
    likely.sort(key=lambda pair: -pair[0])
    return tuple(each for _score, each in likely[:SHOWN])


def _words(typed: str) -> tuple[str, ...]:
    """All that was typed as one word, and its words if there are several."""
    parts = tuple(part for part in map(fold, typed.split()) if part)
    whole = "".join(parts)
    return (whole, *parts) if len(parts) > 1 else (whole,) if whole else ()


@dataclass(frozen=True, slots=True)
class _Field:
    text: str
    weight: float
    trigrams: frozenset[str]


def _fields(terms: VersionTerms) -> tuple[_Field, ...]:
    names = (terms.name_km, terms.name_en, terms.sector_name_km, terms.sector_name_en)
    return _fields_of(terms.service_code, names)


@lru_cache(maxsize=2048)
def _fields_of(code: str, names: tuple[str, str, str, str]) -> tuple[_Field, ...]:
    events = events_of(code)
    texts = [
        *((text, NAME) for text in (code, *names[:2])),
        *((word, WORDS) for event in events for word in event.words),
        *((text, FIELD) for event in events for text in (event.name_km, event.name_en)),
        *((text, FIELD) for text in names[2:]),
    ]
    return tuple(_Field(fold(text), weight, _trigrams(fold(text))) for text, weight in texts)


def _trigrams(folded: str) -> frozenset[str]:
    return frozenset(folded[place : place + 3] for place in range(len(folded) - 2))


def _score(words: tuple[str, ...], fields: tuple[_Field, ...]) -> float:
    """The whole or, of several words, their mean: whichever fits better."""
    whole, *parts = words
    scores = [_best(whole, fields)]
    if parts:
        scores.append(sum(_best(part, fields) for part in parts) / len(parts))
    return max(scores)


def _best(word: str, fields: tuple[_Field, ...]) -> float:
    return max(field.weight * _likeness(word, field) for field in fields)


def _likeness(word: str, field: _Field) -> float:
    if word in field.text:
        # Of two that contain it, the one that says little else is meant.
        return 1.0 + len(word) / (10 * len(field.text))
    wanted = _trigrams(word)
    share = len(wanted & field.trigrams) / len(wanted) if wanted else 0.0
    return share if share >= ENOUGH else 0.0
