"""What an SMS costs: how many parts a text needs, and a text made to fit.

A text of the GSM 03.38 alphabet has 160 characters in one part, 153 in each of several; any
other, so all Khmer, is sent as UCS-2 with 70 and 67.
"""

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("\f^{}\\[~]|€")
MOST_PARTS = 2


def is_gsm(text: str) -> bool:
    """Say whether every character is in the alphabet of the short encoding."""
    return set(text) <= _GSM | _GSM_TWICE


def parts_of(text: str) -> int:
    """Return in how many parts a text is sent, at least one."""
    short = is_gsm(text)
    single, several = (160, 153) if short else (70, 67)
    length = _length(text, short=short)
    return 1 if length <= single else -(-length // several)


def fits(text: str) -> bool:
    """Say whether a text needs no more parts than we pay for."""
    return parts_of(text) <= MOST_PARTS


def _length(text: str, *, short: bool) -> int:
    if short:
        return len(text) + sum(letter in _GSM_TWICE for letter in text)
    return len(text.encode("utf-16-be")) // 2
