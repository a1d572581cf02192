"""Opening periods of one weekday never overlap."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_initial")]

    operations = [
        migrations.RunSQL(
            # A trusted extension: the owner of the database may make it.
            "CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "ALTER TABLE calendars_openingperiod ADD CONSTRAINT opening_periods_do_not_overlap"
            " EXCLUDE USING gist (office_hours_id WITH =, weekday WITH =,"
            " int4range(extract(epoch FROM opens_at)::int, extract(epoch FROM closes_at)::int)"
            " WITH &&)",
            "ALTER TABLE calendars_openingperiod DROP CONSTRAINT opening_periods_do_not_overlap",
        ),
    ]
