"""Makes the plain build's tables, two tenants and a signed-in session each; prints the keys."""

import json
import os
import sys
from importlib import import_module

import django


def main() -> None:
    """Migrate without migration files, as a first draft would."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.plain.settings")
    django.setup()
    from django.contrib.auth import (
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
        get_user_model,
    )
    from django.core.management import call_command
    from django.db import connection
    from django_tenants.utils import tenant_context  # noqa: TID251  # the stock way is the point

    from tests.benchmarks.plain.models import Client, Domain

    call_command("migrate_schemas", shared=True, run_syncdb=True, verbosity=0)
    sessions = {}
    for name in ("a", "b"):
        client = Client(schema_name=f"plain_{name}")
        client.auto_create_schema = False
        client.save()
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {client.schema_name}")
        call_command(
            "migrate_schemas",
            schema_name=client.schema_name,
            tenant=True,
            run_syncdb=True,
            verbosity=0,
        )
        Domain.objects.create(tenant=client, domain=f"{name}.localhost")
        with tenant_context(client):
            user = get_user_model().objects.create_user("clerk", password="x")
            session = import_module("django.contrib.sessions.backends.db").SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.save()
            sessions[f"{name}.localhost"] = session.session_key
    sys.stdout.write(json.dumps(sessions))


if __name__ == "__main__":
    main()
