"""Ratings stay as they were given, and what was said in a complaint is never rewritten.

A complaint's words may be removed when their time is over, so only changes are refused there.
"""

from django.db import migrations

ONCE = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
UNCHANGED = """
CREATE TRIGGER append_only BEFORE UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
WITHOUT = "DROP TRIGGER append_only ON {table}"
TABLES = {
    "voice_rating": ONCE,
    "voice_ratingscore": ONCE,
    "voice_complaintword": UNCHANGED,
    "voice_complaintfile": UNCHANGED,
}


class Migration(migrations.Migration):
    """Adds the triggers; the function `refuse_change` comes with the requests."""

    dependencies = [("voice", "0001_ratings_and_complaints"), ("requests", "0002_append_only")]

    operations = [
        migrations.RunSQL(trigger.format(table=table), WITHOUT.format(table=table))
        for table, trigger in TABLES.items()
    ]
