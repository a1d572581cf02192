"""Small indexes for what a chief looks at: each holds only the few rows it is asked for.

They stand here because they serve no step of a request, and add next to nothing to any.
"""

from django.db import migrations

INDEXES = {
    # Stages that were left late: by office and time.
    "visit_left_late": "requests_stagevisit (office_id, left_at) WHERE left_at > due_at",
    # Who reviewed and signed: by office and time.
    "visit_approved": (
        "requests_stagevisit (office_id, left_at)"
        " WHERE left_at IS NOT NULL AND actor_role IN ('chief', 'signatory')"
    ),
    # Endings are few beside requests.
    "ending_time": "requests_ending (ended_at)",
    # Entered more than a day after it was received, an older register apart.
    "request_back_dated": (
        "requests_servicerequest (office_id, created_at)"
        " WHERE source = '' AND created_at - received_at > interval '1 day'"
    ),
    # Money comes in by time, so a few pages say where a day begins.
    "payment_time": "cashier_payment USING brin (paid_at)",
}


class Migration(migrations.Migration):
    dependencies = [
        ("escalation", "0002_usual_ladder"),
        ("requests", "0005_event_day"),
        ("cashier", "0004_tracking_view"),
    ]

    operations = [
        migrations.RunSQL(f"CREATE INDEX {name} ON {where}", f"DROP INDEX {name}")
        for name, where in INDEXES.items()
    ]
