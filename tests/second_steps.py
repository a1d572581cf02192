"""Gives accounts of tests a second step, and says the code of the moment."""

import time

from allauth.mfa.totp.internal import auth as totp

from owso.accounts.models import User

PERIOD = 30


def with_application(user: User) -> str:
    """Give an account an authenticator application; returns its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def code_of(secret: str, *, later: int = 0) -> str:
    """The six digits of this half minute, or of one so many later."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // PERIOD + later))
