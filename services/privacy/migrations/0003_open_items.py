"""What was written about money by phone becomes blank too when the time of the accounts is over."""

from django.db import migrations

KEEP = """
CREATE OR REPLACE FUNCTION keep_but_for_disposal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_due boolean := false;
    subject bigint := (to_jsonb(OLD) ->> 'request_id')::bigint;
BEGIN
    IF TG_OP = 'UPDATE' AND current_user =
        (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        IF TG_TABLE_NAME = 'cashier_openitem' THEN
            EXECUTE format(
                'SELECT c.request_id FROM %1$I.cashier_khqrorder o'
                ' JOIN %1$I.cashier_charge c ON c.id = o.charge_id WHERE o.id = $1',
                TG_TABLE_SCHEMA
            ) INTO subject USING (to_jsonb(OLD) ->> 'order_id')::bigint;
        END IF;
        EXECUTE format(
            'SELECT EXISTS (SELECT FROM %I.privacy_disposal WHERE kind = $1'
            ' AND subject_id = $2 AND xact_id = pg_current_xact_id())', TG_TABLE_SCHEMA
        ) INTO is_due USING TG_ARGV[0], subject;
        IF is_due AND to_jsonb(NEW) - TG_ARGV[1:] = to_jsonb(OLD) - TG_ARGV[1:] AND NOT EXISTS (
            SELECT FROM unnest(TG_ARGV[1:]) AS name
            WHERE to_jsonb(NEW) ->> name NOT IN ('', '—', E'\\\\x')
        ) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
DROP TRIGGER settled_once ON cashier_openitem;
CREATE TRIGGER settled_once BEFORE UPDATE ON cashier_openitem
    FOR EACH ROW WHEN (OLD.settled_at IS NOT NULL OR NEW.amount <> OLD.amount
        OR NEW.currency <> OLD.currency OR NEW.reference <> OLD.reference OR NEW.kind <> OLD.kind
        OR NEW.order_id <> OLD.order_id OR NEW.office_id <> OLD.office_id)
    EXECUTE FUNCTION keep_but_for_disposal('money', 'note');
"""
DUE = """
CREATE OR REPLACE VIEW privacy_ended_money AS
SELECT r.id, EXISTS (
    SELECT FROM privacy_legalhold h
    WHERE (h.request_id = r.id OR h.applicant_id = r.applicant_id) AND h.lifted_at IS NULL
      AND (h.until IS NULL OR h.until >= (now() AT TIME ZONE 'Asia/Phnom_Penh')::date)
) AS is_held
FROM requests_servicerequest r
WHERE r.state NOT IN ('registered', 'in_progress', 'waiting')
  AND coalesce(r.closed_at, r.ready_at, r.received_at) <= now() - (
    SELECT make_interval(days => coalesce(p.own_days, p.usual_days))
    FROM public.retention_retentionperiod p WHERE p.kind = 'money')
  AND NOT EXISTS (
    SELECT FROM privacy_disposal d WHERE d.kind = 'money' AND d.subject_id = r.id)
  AND EXISTS (SELECT FROM cashier_charge c WHERE c.request_id = r.id AND (
    EXISTS (SELECT FROM cashier_payment s JOIN cashier_reversalrequest a ON a.payment_id = s.id
        WHERE s.charge_id = c.id)
    OR EXISTS (SELECT FROM cashier_khqrorder o JOIN cashier_openitem i ON i.order_id = o.id
        WHERE o.charge_id = c.id)));
"""
AFTER = "    ELSIF wanted_kind = 'outcomes' THEN\n"
MONEY = """    ELSIF wanted_kind = 'money' THEN
        UPDATE cashier_openitem SET note = '—' WHERE note <> '' AND order_id IN (
            SELECT o.id FROM cashier_khqrorder o JOIN cashier_charge c ON c.id = o.charge_id
            WHERE c.request_id = ANY(taken));
"""


def _make(apps, schema_editor):
    from importlib import import_module

    before = import_module("services.privacy.migrations.0002_disposal").DISPOSE
    schema = schema_editor.connection.schema_name
    dispose = before.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    dispose = dispose.replace(AFTER, MONEY + AFTER).replace("{schema}", schema)
    for statement in (KEEP, DUE, dispose.partition("REVOKE ALL")[0]):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Replaces the function and one view; who may call the function stays.

    Not reversible, as the one before.
    """

    dependencies = [
        ("privacy", "0002_disposal"),
        ("cashier", "0009_khqr_guards"),
    ]

    operations = [migrations.RunPython(_make)]
