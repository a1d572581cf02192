"""Tracking codes from given bits: those of services.requests.codes, made by tables."""

from itertools import product

from services.requests.codes import ALPHABET

PAIR_BITS = 10
PAIRS = tuple(f"{first}{second}" for first, second in product(ALPHABET, repeat=2))
MODULUS = len(ALPHABET)


def _step(check: int, character: str) -> int:
    """Take one character into an ISO 7064 hybrid check sum."""
    return ((check or MODULUS) * 2 % (MODULUS + 1) + ALPHABET.index(character)) % MODULUS


_AFTER = tuple(
    tuple(_step(_step(check, pair[0]), pair[1]) for pair in PAIRS) for check in range(MODULUS)
)
_LAST = tuple(
    ALPHABET[(1 - (check or MODULUS) * 2 % (MODULUS + 1)) % MODULUS] for check in range(MODULUS)
)
_PLACES = {pair: place for place, pair in enumerate(PAIRS)}


def code_from_bits(province_code: str, bits: int) -> str:
    """Return the code of a province ("01") with these 50 bits."""
    check = _AFTER[MODULUS // 2][_PLACES[province_code]]
    text = province_code
    for _pair in range(5):
        place = bits & (2**PAIR_BITS - 1)
        text += PAIRS[place]
        check = _AFTER[check][place]
        bits >>= PAIR_BITS
    return text + _LAST[check]
