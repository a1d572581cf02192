"""Makes what was written and signed stand for good, for everybody."""

from django.db import migrations

TABLES = ("casework_note", "casework_draft", "casework_outcomedocument")
TRIGGERS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
WITHOUT = """
DROP TRIGGER append_only_whole ON {table};
DROP TRIGGER append_only ON {table};
"""
ANSWER_STANDS = """
CREATE TRIGGER answer_stands BEFORE UPDATE OR DELETE ON casework_opinion
    FOR EACH ROW WHEN (OLD.answered_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL)
    EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    """Adds the triggers; the function `refuse_change` comes with the requests."""

    dependencies = [
        ("casework", "0001_notes_opinions_drafts_documents"),
        ("requests", "0002_append_only"),
    ]

    operations = [
        *(
            migrations.RunSQL(TRIGGERS.format(table=table), WITHOUT.format(table=table))
            for table in TABLES
        ),
        migrations.RunSQL(ANSWER_STANDS, "DROP TRIGGER answer_stands ON casework_opinion"),
    ]
