"""The code that proves a printed document genuine: two digits of province, 16 random characters."""

import secrets

from stdnum.iso7064 import mod_37_36

from services.requests.codes import ALPHABET
from services.requests.khmer import arabic_digits, without_invisible

RANDOM_LENGTH = 16
TOKEN_LENGTH = 2 + RANDOM_LENGTH + 1
MAX_TYPED = 60


def new_token(province_code: str) -> str:
    """Return a new token of a province ("01"): 80 random bits and a check character."""
    body = province_code + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    return body + _check_character(body)


def parse_token(text: str) -> str | None:
    """Return the token somebody scanned or typed, or None when it cannot be one."""
    if len(text) > MAX_TYPED:
        return None
    plain = arabic_digits(without_invisible(text)).replace("-", "").replace(" ", "").upper()
    token = plain.translate(str.maketrans("OIL", "011"))
    if len(token) != TOKEN_LENGTH or not set(token) <= set(ALPHABET) or not token[:2].isdecimal():
        return None
    return token if _check_character(token[:-1]) == token[-1] else None


def format_token(token: str) -> str:
    """Return the token as it is printed: 01-K7Q4-M7TD-3XC1-0ABX-9."""
    random = token[2:-1]
    groups = [random[place : place + 4] for place in range(0, RANDOM_LENGTH, 4)]
    return "-".join([token[:2], *groups, token[-1]])


def _check_character(body: str) -> str:
    check: str = mod_37_36.calc_check_digit(body, ALPHABET)
    return check
