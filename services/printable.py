"""Whether a text can be printed as it stands."""

import unicodedata


def has_control_characters(text: str) -> bool:
    """Say whether the text holds NUL, other control characters or half a surrogate pair."""
    return any(unicodedata.category(char) in {"Cc", "Cs"} for char in text)
