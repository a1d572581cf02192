"""Makes events append-only for everybody, the owner included.

A plain trigger and not pgtrigger's: that one can be switched off by a session variable. The
function serves the cashier's tables too.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
TRIGGERS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON requests_requestevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON requests_requestevent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
WITHOUT = """
DROP TRIGGER append_only_whole ON requests_requestevent;
DROP TRIGGER append_only ON requests_requestevent;
"""


class Migration(migrations.Migration):
    """Adds the function and the triggers of the event ledger."""

    dependencies = [("requests", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION refuse_change()"),
        migrations.RunSQL(TRIGGERS, WITHOUT),
    ]
