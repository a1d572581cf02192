"""Holds the tills together in the database itself, whichever way a row is written.

A payment joins the open till of its cashier under a share lock of the till's row. Closing takes
that row for update: a payment that comes first is waited for and counted, one that comes after
finds the till closed. So every payment is in exactly one till, or in none that could count it.
"""

from django.db import migrations

PAYMENT = """
CREATE FUNCTION put_into_till() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT id INTO NEW.till_session_id FROM cashier_tillsession
    WHERE cashier_id = NEW.cashier_id AND office_id = NEW.office_id AND state = 'open'
      AND opened_on = (NEW.paid_at AT TIME ZONE 'Asia/Phnom_Penh')::date
    FOR SHARE;
    IF NEW.till_session_id IS NULL AND NEW.method = 'cash' AND EXISTS (
        SELECT FROM cashier_officemoney
        WHERE office_id = NEW.office_id AND tills_since <= NEW.paid_at
    ) THEN
        RAISE EXCEPTION 'this office takes cash at an open till only'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER into_till BEFORE INSERT ON cashier_payment
    FOR EACH ROW WHEN (NEW.cashier_id IS NOT NULL) EXECUTE FUNCTION put_into_till();
ALTER TABLE cashier_payment ADD CONSTRAINT payment_in_a_till_has_a_cashier
    CHECK (till_session_id IS NULL OR cashier_id IS NOT NULL);
"""
WITHOUT_PAYMENT = """
ALTER TABLE cashier_payment DROP CONSTRAINT payment_in_a_till_has_a_cashier;
DROP TRIGGER into_till ON cashier_payment;
DROP FUNCTION put_into_till();
"""
REVERSAL = """
CREATE FUNCTION take_out_of_till() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid cashier_payment%ROWTYPE;
BEGIN
    SELECT * INTO STRICT paid FROM cashier_payment WHERE id = NEW.payment_id;
    IF NEW.till_session_id IS NOT NULL THEN
        PERFORM FROM cashier_tillsession
        WHERE id = NEW.till_session_id AND office_id = paid.office_id AND state = 'open'
          AND opened_on = (NEW.approved_at AT TIME ZONE 'Asia/Phnom_Penh')::date
        FOR SHARE;
        IF NOT FOUND OR paid.method <> 'cash' THEN
            RAISE EXCEPTION 'money goes back out of an open till of the same office and day'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF paid.method = 'cash' AND EXISTS (
        SELECT FROM cashier_officemoney
        WHERE office_id = paid.office_id AND tills_since <= NEW.approved_at
    ) THEN
        RAISE EXCEPTION 'this office gives cash back out of an open till only'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER out_of_till BEFORE INSERT ON cashier_reversal
    FOR EACH ROW EXECUTE FUNCTION take_out_of_till();
"""
WITHOUT_REVERSAL = """
DROP TRIGGER out_of_till ON cashier_reversal;
DROP FUNCTION take_out_of_till();
"""
TILL = """
CREATE FUNCTION keep_till() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.office_id, NEW.counter_id, NEW.cashier_id, NEW.opened_on, NEW.opened_at,
        NEW.float_riel, NEW.float_cents)
       IS DISTINCT FROM (OLD.office_id, OLD.counter_id, OLD.cashier_id, OLD.opened_on,
        OLD.opened_at, OLD.float_riel, OLD.float_cents)
       OR (OLD.state <> 'open' AND NEW.state = 'open') THEN
        RAISE EXCEPTION 'how a till was opened never changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state = 'closed' AND (to_jsonb(NEW) - 'deposit_id') <> (to_jsonb(OLD) - 'deposit_id') THEN
        RAISE EXCEPTION 'a closed till never changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.deposit_id IS DISTINCT FROM OLD.deposit_id AND (
        OLD.state <> 'closed' OR EXISTS (SELECT FROM cashier_deposit
            WHERE id = OLD.deposit_id AND state <> 'withdrawn')) THEN
        RAISE EXCEPTION 'a till goes into one deposit, once it is closed'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_till BEFORE UPDATE ON cashier_tillsession
    FOR EACH ROW EXECUTE FUNCTION keep_till();
CREATE TRIGGER never_removed BEFORE DELETE ON cashier_tillsession
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
WITHOUT_TILL = """
DROP TRIGGER never_removed ON cashier_tillsession;
DROP TRIGGER keep_till ON cashier_tillsession;
DROP FUNCTION keep_till();
"""
COUNT = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON cashier_tillcount
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON cashier_tillcount
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
WITHOUT_COUNT = """
DROP TRIGGER append_only_whole ON cashier_tillcount;
DROP TRIGGER append_only ON cashier_tillcount;
"""
DECIDED = """
CREATE TRIGGER decided_once BEFORE UPDATE ON cashier_deposit
    FOR EACH ROW WHEN (OLD.state <> 'made' OR NEW.amount_riel <> OLD.amount_riel
        OR NEW.amount_cents <> OLD.amount_cents OR NEW.number <> OLD.number)
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_removed BEFORE DELETE ON cashier_deposit
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER confirmed_once BEFORE UPDATE ON cashier_khqrorder
    FOR EACH ROW WHEN (OLD.state = 'confirmed' OR NEW.payload <> OLD.payload
        OR NEW.amount_riel <> OLD.amount_riel OR NEW.charge_id <> OLD.charge_id)
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_removed BEFORE DELETE ON cashier_khqrorder
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
WITHOUT_DECIDED = """
DROP TRIGGER never_removed ON cashier_khqrorder;
DROP TRIGGER confirmed_once ON cashier_khqrorder;
DROP TRIGGER never_removed ON cashier_deposit;
DROP TRIGGER decided_once ON cashier_deposit;
"""


class Migration(migrations.Migration):
    """Adds the triggers; `refuse_change` comes with the requests."""

    dependencies = [("cashier", "0006_tills_and_khqr")]

    operations = [
        migrations.RunSQL(PAYMENT, WITHOUT_PAYMENT),
        migrations.RunSQL(REVERSAL, WITHOUT_REVERSAL),
        migrations.RunSQL(TILL, WITHOUT_TILL),
        migrations.RunSQL(COUNT, WITHOUT_COUNT),
        migrations.RunSQL(DECIDED, WITHOUT_DECIDED),
    ]
