"""Signs the clerk of each tenant of the plain build in; prints the sessions by host name."""

import json
import os
import sys
from importlib import import_module
from typing import Any

import django


def main() -> None:
    """Open a session in each tenant, the stock way."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.plain.settings")
    django.setup()
    from django_tenants.utils import tenant_context  # noqa: TID251  # the stock way is the point

    from tests.benchmarks.plain.models import Client

    sessions = {}
    hosts = {client: client.domains.get().domain for client in Client.objects.all()}
    for client, host in hosts.items():
        with tenant_context(client):
            sessions[host] = _session()
    sys.stdout.write(json.dumps(sessions))


def _session() -> Any:
    from django.contrib.auth import (
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
        get_user_model,
    )

    user = get_user_model().objects.get(username="clerk")
    session = import_module("django.contrib.sessions.backends.db").SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


if __name__ == "__main__":
    main()
