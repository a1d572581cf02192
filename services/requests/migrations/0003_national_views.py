"""Views through which the ministry verifies its figures: no column of them is personal."""

from django.db import migrations

REQUESTS = """
CREATE VIEW national_request AS
SELECT id,
       office_id,
       received_office_id,
       service_id,
       service_version_id,
       state,
       received_at,
       registered_at,
       (registered_at AT TIME ZONE 'Asia/Phnom_Penh')::date AS registered_on,
       CASE WHEN state = 'waiting' THEN DATE '9999-12-31'
            WHEN state IN ('registered', 'in_progress') THEN due_on
       END AS due_on,
       ready_at,
       CASE WHEN ready_at IS NOT NULL THEN ready_at > due_at
            WHEN state = 'rejected' THEN closed_at > due_at
       END AS was_late,
       floor(extract(epoch FROM ready_at - registered_at) / 60)::integer AS duration_minutes,
       delivered_at,
       closed_at
FROM requests_servicerequest
"""
OFFICES = """
CREATE VIEW national_office AS
SELECT id, code, kind, district_code, name_km, name_en, is_active, sort_order
FROM offices_office
"""


class Migration(migrations.Migration):
    """Adds the two views."""

    dependencies = [("requests", "0002_append_only")]

    operations = [
        migrations.RunSQL(REQUESTS, "DROP VIEW national_request"),
        migrations.RunSQL(OFFICES, "DROP VIEW national_office"),
    ]
