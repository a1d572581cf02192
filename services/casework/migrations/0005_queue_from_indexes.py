"""What the counts of a queue ask stands in two small indexes, so that none reads the rows.

Both hold only what an office has not finished: its requests with their service and stage, and
the stages that somebody is to act in by role.
"""

from django.db import migrations

UNFINISHED = """
CREATE INDEX request_unfinished_covering
ON requests_servicerequest (office_id, state, due_at, id) INCLUDE (service_id, current_visit_id)
WHERE state IN ('incomplete', 'in_progress', 'ready', 'registered', 'waiting');
DROP INDEX request_unfinished;
ALTER INDEX request_unfinished_covering RENAME TO request_unfinished;
"""
AS_BEFORE = """
DROP INDEX request_unfinished;
CREATE INDEX request_unfinished ON requests_servicerequest (office_id, state, due_at, id)
WHERE state IN ('incomplete', 'in_progress', 'ready', 'registered', 'waiting');
"""
OPEN_VISITS = """
CREATE INDEX visit_open ON requests_stagevisit (office_id, actor_role, id) WHERE left_at IS NULL
"""


class Migration(migrations.Migration):
    """Replaces the first index by one that holds more, and adds the second."""

    dependencies = [("casework", "0004_queue_index")]

    operations = [
        migrations.RunSQL(UNFINISHED, AS_BEFORE),
        migrations.RunSQL(OPEN_VISITS, "DROP INDEX visit_open"),
    ]
