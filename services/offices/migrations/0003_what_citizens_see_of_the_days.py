"""Own periods never overlap, and citizens' pages read an office's own days through one view."""

from django.db import migrations

VIEW = """
CREATE VIEW tracking_calendar AS
SELECT o.id AS office_id,
       (SELECT coalesce(jsonb_object_agg(d.weekday, d.spans), '{}')
        FROM (SELECT p.weekday, jsonb_agg(
                  jsonb_build_array(p.opens_at, p.closes_at) ORDER BY p.opens_at) AS spans
              FROM offices_ownperiod p WHERE p.office_id = o.id GROUP BY p.weekday) d) AS periods,
       (SELECT coalesce(jsonb_agg(
                  jsonb_build_array(c.day, c.reason_km, c.reason_en) ORDER BY c.day), '[]')
        FROM offices_closure c WHERE c.office_id = o.id) AS closures
FROM offices_office o
"""
OVERLAP = (
    "ALTER TABLE offices_ownperiod ADD CONSTRAINT own_periods_do_not_overlap"
    " EXCLUDE USING gist (office_id WITH =, weekday WITH =,"
    " int4range(extract(epoch FROM opens_at)::int, extract(epoch FROM closes_at)::int)"
    " WITH &&)"
)


class Migration(migrations.Migration):
    dependencies = [
        ("offices", "0002_local_calendar_and_services"),
        ("calendars", "0002_periods_do_not_overlap"),
    ]

    operations = [
        migrations.RunSQL(
            OVERLAP, "ALTER TABLE offices_ownperiod DROP CONSTRAINT own_periods_do_not_overlap"
        ),
        migrations.RunSQL(VIEW, "DROP VIEW tracking_calendar"),
    ]
