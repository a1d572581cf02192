"""Telling begins with what happens from now on: the history has no followers."""

from django.db import migrations

BEGIN = """
INSERT INTO notify_tellingcursor (xact_id, event_id)
SELECT coalesce(max(last.xact_id::text::bigint), 0), coalesce(max(last.id), 0)
FROM (
    SELECT xact_id, id FROM requests_requestevent ORDER BY xact_id DESC, id DESC LIMIT 1
) AS last
"""
ONE_ROW = "CREATE UNIQUE INDEX notify_one_cursor ON notify_tellingcursor ((true))"


class Migration(migrations.Migration):
    """Adds the one row of the cursor, and lets there be no second one."""

    dependencies = [
        ("notify", "0001_followings_and_messages"),
        ("desk", "0002_append_only"),
    ]

    operations = [
        migrations.RunSQL(BEGIN, "DELETE FROM notify_tellingcursor"),
        migrations.RunSQL(ONE_ROW, "DROP INDEX notify_one_cursor"),
    ]
