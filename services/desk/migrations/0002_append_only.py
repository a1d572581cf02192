"""A consent and a print once recorded stay as they were."""

from django.db import migrations

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
TABLES = ("desk_noticeconsent", "desk_printing")


class Migration(migrations.Migration):
    """Adds the triggers; the function `refuse_change` comes with the requests."""

    dependencies = [("desk", "0001_initial"), ("requests", "0002_append_only")]

    operations = [
        migrations.RunSQL(TRIGGERS.format(table=table), WITHOUT.format(table=table))
        for table in TABLES
    ]
