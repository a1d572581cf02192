"""Makes charges, payments, receipts and reversals append-only for everybody."""

from django.db import migrations

TABLES = ("cashier_charge", "cashier_payment", "cashier_receipt", "cashier_reversal")
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
SECOND_PERSON = """
CREATE FUNCTION refuse_own_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM cashier_payment
               WHERE id = NEW.payment_id AND cashier_id = NEW.approved_by_id) THEN
        RAISE EXCEPTION 'whoever took a payment cannot approve its reversal'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.amount_riel > (SELECT amount_riel FROM cashier_payment WHERE id = NEW.payment_id) THEN
        RAISE EXCEPTION 'a reversal cannot be more than its payment'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER second_person BEFORE INSERT ON cashier_reversal
    FOR EACH ROW EXECUTE FUNCTION refuse_own_reversal();
"""
WITHOUT_SECOND_PERSON = """
DROP TRIGGER second_person ON cashier_reversal;
DROP FUNCTION refuse_own_reversal();
"""


class Migration(migrations.Migration):
    """Adds the triggers; the function `refuse_change` comes with the requests."""

    dependencies = [("cashier", "0001_initial"), ("requests", "0002_append_only")]

    operations = [
        *(
            migrations.RunSQL(TRIGGERS.format(table=table), WITHOUT.format(table=table))
            for table in TABLES
        ),
        migrations.RunSQL(SECOND_PERSON, WITHOUT_SECOND_PERSON),
    ]
