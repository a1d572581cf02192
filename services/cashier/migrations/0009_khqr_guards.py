"""Holds payments by KHQR to what the bank confirmed, whichever way a row is written.

A payment by KHQR that somebody takes is put into the newest confirmed code of the same charge,
amount, currency and rate that has no payment yet; where there is none it is refused. One in
nobody's name without a code comes from an older register or the demonstration's past.
"""

from django.db import migrations

PAYMENT = """
CREATE FUNCTION take_confirmed_khqr() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE cashier_khqrorder SET payment_id = NEW.id
    WHERE id = (
        SELECT id FROM cashier_khqrorder
        WHERE charge_id = NEW.charge_id AND state = 'confirmed' AND payment_id IS NULL
          AND amount_riel = NEW.amount_riel AND currency = NEW.currency
          AND amount_cents IS NOT DISTINCT FROM NEW.tendered_cents
          AND rate_id IS NOT DISTINCT FROM NEW.rate_id
        ORDER BY confirmed_at DESC, id DESC LIMIT 1
    );
    IF NOT FOUND AND NEW.cashier_id IS NOT NULL THEN
        RAISE EXCEPTION 'a payment by KHQR needs a code that the bank confirmed'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER confirmed_khqr AFTER INSERT ON cashier_payment
    FOR EACH ROW WHEN (NEW.method = 'khqr') EXECUTE FUNCTION take_confirmed_khqr();
"""
WITHOUT_PAYMENT = """
DROP TRIGGER confirmed_khqr ON cashier_payment;
DROP FUNCTION take_confirmed_khqr();
"""
ORDER = """
CREATE FUNCTION keep_khqr() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.state = 'confirmed' AND (to_jsonb(NEW) - 'payment_id') <> (to_jsonb(OLD) - 'payment_id'))
       OR (NEW.charge_id, NEW.office_id, NEW.payload, NEW.md5, NEW.amount_riel, NEW.currency,
           NEW.amount_cents, NEW.rate_id)
          IS DISTINCT FROM (OLD.charge_id, OLD.office_id, OLD.payload, OLD.md5, OLD.amount_riel,
           OLD.currency, OLD.amount_cents, OLD.rate_id) THEN
        RAISE EXCEPTION 'what a code asks, and what the bank confirmed, never changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.payment_id IS DISTINCT FROM OLD.payment_id AND (OLD.payment_id IS NOT NULL OR NOT EXISTS (
        SELECT FROM cashier_payment p
        WHERE p.id = NEW.payment_id AND p.method = 'khqr' AND p.charge_id = NEW.charge_id
          AND p.amount_riel = NEW.amount_riel AND p.currency = NEW.currency
    )) THEN
        RAISE EXCEPTION 'a code has the one payment that it was shown for'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER confirmed_once ON cashier_khqrorder;
CREATE TRIGGER keep_khqr BEFORE UPDATE ON cashier_khqrorder
    FOR EACH ROW EXECUTE FUNCTION keep_khqr();
"""
WITHOUT_ORDER = """
DROP TRIGGER keep_khqr ON cashier_khqrorder;
DROP FUNCTION keep_khqr();
CREATE TRIGGER confirmed_once BEFORE UPDATE ON cashier_khqrorder
    FOR EACH ROW WHEN (OLD.state = 'confirmed' OR NEW.payload <> OLD.payload
        OR NEW.amount_riel <> OLD.amount_riel OR NEW.charge_id <> OLD.charge_id)
    EXECUTE FUNCTION refuse_change();
"""
KEPT = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON cashier_banknotice
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON cashier_banknotice
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settled_once BEFORE UPDATE ON cashier_openitem
    FOR EACH ROW WHEN (OLD.settled_at IS NOT NULL OR NEW.amount <> OLD.amount
        OR NEW.currency <> OLD.currency OR NEW.reference <> OLD.reference OR NEW.kind <> OLD.kind
        OR NEW.order_id <> OLD.order_id OR NEW.office_id <> OLD.office_id)
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_removed BEFORE DELETE ON cashier_openitem
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
WITHOUT_KEPT = """
DROP TRIGGER never_removed ON cashier_openitem;
DROP TRIGGER settled_once ON cashier_openitem;
DROP TRIGGER append_only_whole ON cashier_banknotice;
DROP TRIGGER append_only ON cashier_banknotice;
"""
# What stood on the chief's list before: confirmed by the bank, and no payment made of it.
NOTED = """
INSERT INTO cashier_openitem (order_id, office_id, kind, reference, amount, currency, noted_at, note)
SELECT id, office_id, 'surplus', bank_reference, amount_riel::text, 'KHR', confirmed_at, ''
FROM cashier_khqrorder WHERE state = 'confirmed' AND payment_id IS NULL
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    """Adds the triggers; `refuse_change` comes with the requests."""

    dependencies = [("cashier", "0008_khqr_in_dollars_and_open_items")]

    operations = [
        migrations.RunSQL(PAYMENT, WITHOUT_PAYMENT),
        migrations.RunSQL(ORDER, WITHOUT_ORDER),
        migrations.RunSQL(KEPT, WITHOUT_KEPT),
        migrations.RunSQL(NOTED, migrations.RunSQL.noop),
    ]
