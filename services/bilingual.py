"""Texts that the data keeps in both languages."""

from django.utils.translation import get_language


def in_readers_language(text_km: str, text_en: str) -> str:
    """Choose between two texts: Khmer, unless the reader has chosen English."""
    reads_english = (get_language() or "km").startswith("en")
    return text_en if reads_english and text_en else text_km
