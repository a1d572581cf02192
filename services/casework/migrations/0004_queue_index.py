"""One index for everything an office has not finished, so that a queue never reads the rest.

The delivered millions stay out of it. By state and due time: each tab of a queue is one range
of it, and so is the count of every tab. It stands here because only the queues ask this way.
"""

from django.db import migrations

INDEX = """
CREATE INDEX request_unfinished ON requests_servicerequest (office_id, state, due_at, id)
WHERE state IN ('incomplete', 'in_progress', 'ready', 'registered', 'waiting')
"""


class Migration(migrations.Migration):
    """Adds the index."""

    dependencies = [
        ("casework", "0003_genuine_view"),
        ("requests", "0005_event_day"),
    ]

    operations = [migrations.RunSQL(INDEX, "DROP INDEX request_unfinished")]
