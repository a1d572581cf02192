"""Makes the plain build's tables and two tenants with a clerk each."""

import os

import django


def main() -> None:
    """Migrate without migration files, as a first draft would."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.plain.settings")
    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connection
    from django_tenants.utils import tenant_context  # noqa: TID251  # the stock way is the point

    from tests.benchmarks.plain.models import Client, Domain

    call_command("migrate_schemas", shared=True, run_syncdb=True, verbosity=0)
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
            get_user_model().objects.create_user("clerk", password="x")


if __name__ == "__main__":
    main()
