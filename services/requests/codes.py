"""Tracking codes: two digits of province, ten random characters, one check character."""

import re
import secrets

from stdnum.iso7064 import mod_37_36

from services.requests.khmer import arabic_digits, without_invisible

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that a code read aloud is written right."""
RANDOM_LENGTH = 10
CODE_LENGTH = 2 + RANDOM_LENGTH + 1
MAX_TYPED = 60
_LOOKALIKES = str.maketrans("OIL", "011")
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—_.]+")


def new_code(province_code: str) -> str:
    """Return a new code of a province ("01"), 50 random bits, without dashes."""
    body = province_code + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    return body + _check_character(body)


def parse_code(text: str) -> str | None:
    """Return the code somebody typed or scanned, or None when it cannot be one.

    Spaces, dashes, small letters, O for 0, I and L for 1, Khmer digits and zero-width
    characters are forgiven; a wrong check character is not.
    """
    if len(text) > MAX_TYPED:
        return None
    plain = _SEPARATORS.sub("", arabic_digits(without_invisible(text)))
    code = plain.upper().translate(_LOOKALIKES)
    if len(code) != CODE_LENGTH or not set(code) <= set(ALPHABET) or not code[:2].isdecimal():
        return None
    return code if _check_character(code[:-1]) == code[-1] else None


def format_code(code: str) -> str:
    """Return the code as it is printed: 01-K7Q4M-7TD3X-C."""
    return f"{code[:2]}-{code[2:7]}-{code[7:12]}-{code[12:]}"


def province_of(code: str) -> str:
    """Return the two-digit code of the province that holds this request."""
    return code[:2]


def _check_character(body: str) -> str:
    check: str = mod_37_36.calc_check_digit(body, ALPHABET)
    return check
