"""What django-allauth asks of this system about second steps: sealed secrets, names to show."""

import base64
import os

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from owso.database.access import current
from tenants.models import Province
from tenants.sealing import NONCE_BYTES, derived_key

MINISTRY = "ministry"


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # untyped base
    """Seals what is kept with the key of the province, or of the ministry's own accounts."""

    def encrypt(self, text: str) -> str:
        """Seal a secret for the accounts of this moment's schema."""
        place, version = _place(), max(settings.MASTER_KEYS)
        nonce = os.urandom(NONCE_BYTES)
        body = _cipher(place, version).encrypt(nonce, text.encode(), place.encode())
        return base64.b64encode(bytes([version]) + nonce + body).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed here; raises InvalidTag for another schema's secret."""
        place, sealed = _place(), base64.b64decode(encrypted_text)
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        return _cipher(place, sealed[0]).decrypt(nonce, body, place.encode()).decode()

    def get_totp_issuer(self) -> str:
        """Return what an authenticator application writes above the code."""
        return f"OWSO {_name()}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the host itself as the relying party: a passkey holds for one province."""
        host = context.request.get_host().partition(":")[0]
        return {"id": host, "name": self.get_totp_issuer()}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:  # noqa: A002
        """Return the name of a passkey that was given none."""
        return _("Passkey")


def _place() -> str:
    tenant = current().tenant
    return tenant.code if isinstance(tenant, Province) else MINISTRY


def _name() -> str:
    tenant = current().tenant
    return tenant.name_en if isinstance(tenant, Province) else "Ministry of Interior"


def _cipher(place: str, version: int) -> AESGCM:
    return AESGCM(derived_key("second-step", place, version))
