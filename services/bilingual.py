"""Texts that the data keeps in both languages."""

from django.utils.translation import get_language


def in_readers_language(text_km: str, text_en: str, name: str = "") -> str:
    """Choose between two texts: Khmer, unless the reader has chosen English.

    `name` is the reader's language, for those who know it already.
    """
    reads_english = (name or get_language() or "km").startswith("en")
    return text_en if reads_english and text_en else text_km
