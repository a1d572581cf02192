"""The two ceremonies of WebAuthn: making a passkey, and showing that one has it.

The relying party is the host itself, so a passkey of one province opens no other.
"""

import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from fido2.utils import websafe_decode

from owso.accounts.factors import note_passkey
from owso.accounts.models import User
from owso.errors import Invalid
from owso.middleware import client_address

LONGEST_NAME = 60
_REFUSALS = (ValidationError, ValueError, TypeError, KeyError, AttributeError)


def creation_options(user: User) -> str:
    """Return what the browser needs to make a passkey, as JSON; remembers the challenge."""
    return json.dumps(_plain(auth.begin_registration(user, passwordless=False)))


def request_options(user: User) -> str:
    """Return what the browser needs to show a passkey, as JSON; remembers the challenge."""
    return json.dumps(_plain(auth.begin_authentication(user)))


def add_passkey(request: HttpRequest, user: User, text: str, name: str) -> None:
    """Keep the passkey that the browser made. Raises Invalid when the ceremony does not hold."""
    try:
        credential = _read(request, text)
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
    except _REFUSALS as error:
        raise Invalid("passkey_refused", _("The passkey was not accepted. Try again.")) from error
    with transaction.atomic():
        auth.WebAuthn.add(user, name.strip()[:LONGEST_NAME], credential)
        note_passkey(user, address=client_address(request))


def use_passkey(request: HttpRequest, user: User, text: str) -> bool:
    """Tell whether the browser showed a passkey of this account over this very challenge."""
    try:
        credential = _read(request, text)
        auth.parse_authentication_response(credential)
        row = auth.complete_authentication(user, credential)
    except _REFUSALS:
        return False
    Authenticator.objects.filter(pk=row.pk).update(last_used_at=timezone.now())
    return True


def _read(request: HttpRequest, text: str) -> dict[str, Any]:
    """Read the browser's answer and insist on this exact origin, port and all."""
    credential = json.loads(text)
    told = json.loads(websafe_decode(credential["response"]["clientDataJSON"]))
    if told["origin"] != f"{request.scheme}://{request.get_host()}":
        raise ValueError("origin")
    return dict(credential)


def _plain(value: Any) -> Any:
    """Turn fido2's mappings into plain JSON."""
    return json.loads(json.dumps(value, default=dict))
