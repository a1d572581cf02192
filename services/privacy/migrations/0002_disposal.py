"""What is written once may be made blank by the disposal, by nobody else and in no other way.

Three things have to come together for one guarded row: the statement runs inside
`privacy_dispose` (its owner's rights; the province's role alone may call it), that function has
written a row of `privacy_disposal` in the same transaction, and the change is exactly the
blanks the trigger names. `privacy_dispose` itself takes only what is due by the period in the
shared schema, not on hold, and not open: the views `privacy_due_*` say so in one place.
"""

from django.db import migrations

ENDED = "coalesce(r.closed_at, r.ready_at, r.received_at)"
DUE_REQUESTS = """
CREATE VIEW privacy_ended_{kind} AS
SELECT r.id, EXISTS (
    SELECT FROM privacy_legalhold h
    WHERE (h.request_id = r.id OR h.applicant_id = r.applicant_id) AND h.lifted_at IS NULL
      AND (h.until IS NULL OR h.until >= (now() AT TIME ZONE 'Asia/Phnom_Penh')::date)
) AS is_held
FROM requests_servicerequest r
WHERE r.state NOT IN ('registered', 'in_progress', 'waiting')
  AND {ended} <= now() - (
    SELECT make_interval(days => coalesce(p.own_days, p.usual_days))
    FROM public.retention_retentionperiod p WHERE p.kind = '{kind}')
  AND NOT EXISTS (
    SELECT FROM privacy_disposal d WHERE d.kind = '{kind}' AND d.subject_id = r.id)
  AND ({something});
"""
# A request that came from an older register as history has nothing written in it.
SOMETHING = {
    "files": "r.source = '' OR r.closed_at IS NULL OR r.closed_at >= r.created_at",
    "scans": "EXISTS (SELECT FROM documents_document s WHERE s.request_id = r.id)",
    "outcomes": "EXISTS (SELECT FROM casework_outcomedocument s WHERE s.request_id = r.id)",
    "money": "EXISTS (SELECT FROM cashier_payment s JOIN cashier_reversalrequest a"
    " ON a.payment_id = s.id JOIN cashier_charge c ON c.id = s.charge_id"
    " WHERE c.request_id = r.id)",
}
DUE_APPLICANTS = """
CREATE VIEW privacy_ended_applicants AS
SELECT a.id, EXISTS (
    SELECT FROM privacy_legalhold h LEFT JOIN requests_servicerequest r ON r.id = h.request_id
    WHERE (h.applicant_id = a.id OR r.applicant_id = a.id) AND h.lifted_at IS NULL
      AND (h.until IS NULL OR h.until >= (now() AT TIME ZONE 'Asia/Phnom_Penh')::date)
) AS is_held
FROM requests_applicant a CROSS JOIN (
    SELECT now() - make_interval(days => coalesce(p.own_days, p.usual_days)) AS before
    FROM public.retention_retentionperiod p WHERE p.kind = 'applicants') limit_
WHERE NOT EXISTS (
    SELECT FROM privacy_disposal d WHERE d.kind = 'applicants' AND d.subject_id = a.id)
  AND NOT EXISTS (
    SELECT FROM requests_servicerequest r WHERE r.applicant_id = a.id
      AND (r.state IN ('registered', 'in_progress', 'waiting') OR {ended} > limit_.before))
  AND (a.created_at <= limit_.before
    OR EXISTS (SELECT FROM requests_servicerequest r WHERE r.applicant_id = a.id));
"""
KEEP = """
CREATE FUNCTION keep_but_for_disposal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_due boolean := false;
BEGIN
    IF TG_OP = 'UPDATE' AND current_user =
        (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        EXECUTE format(
            'SELECT EXISTS (SELECT FROM %I.privacy_disposal WHERE kind = $1'
            ' AND subject_id = $2 AND xact_id = pg_current_xact_id())', TG_TABLE_SCHEMA
        ) INTO is_due USING TG_ARGV[0], OLD.request_id;
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
CREATE FUNCTION write_as_owner_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND current_user =
        (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'table % is written by the disposal alone: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER owner_only BEFORE INSERT OR UPDATE OR DELETE ON privacy_disposal
    FOR EACH ROW EXECUTE FUNCTION write_as_owner_only();
CREATE TRIGGER owner_only_whole BEFORE TRUNCATE ON privacy_disposal
    FOR EACH STATEMENT EXECUTE FUNCTION write_as_owner_only();
"""
GUARDS = """
DROP TRIGGER append_only ON casework_note;
DROP TRIGGER append_only ON casework_draft;
DROP TRIGGER append_only ON casework_outcomedocument;
DROP TRIGGER answer_stands ON casework_opinion;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON casework_note
    FOR EACH ROW EXECUTE FUNCTION keep_but_for_disposal('files', 'text');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON casework_draft
    FOR EACH ROW EXECUTE FUNCTION keep_but_for_disposal('files', 'body');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON casework_outcomedocument
    FOR EACH ROW EXECUTE FUNCTION
    keep_but_for_disposal('outcomes', 'content_sealed', 'content_hash');
CREATE TRIGGER answer_stands BEFORE UPDATE OR DELETE ON casework_opinion
    FOR EACH ROW WHEN (OLD.answered_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL)
    EXECUTE FUNCTION keep_but_for_disposal('files', 'question', 'answer');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON privacy_correction
    FOR EACH ROW EXECUTE FUNCTION
    keep_but_for_disposal('files', 'before_sealed', 'after_sealed', 'reason', 'evidence');
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON privacy_correction
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decided_once BEFORE UPDATE ON privacy_objection
    FOR EACH ROW WHEN (OLD.decided_at IS NOT NULL)
    EXECUTE FUNCTION keep_but_for_disposal('files', 'grounds', 'decision_reason');
CREATE TRIGGER never_removed BEFORE DELETE ON privacy_objection
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_removed BEFORE DELETE ON privacy_legalhold
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER placed_once BEFORE UPDATE ON privacy_legalhold
    FOR EACH ROW WHEN ((NEW.request_id, NEW.applicant_id, NEW.placed_at, NEW.placed_by_id)
        IS DISTINCT FROM (OLD.request_id, OLD.applicant_id, OLD.placed_at, OLD.placed_by_id)
        OR (OLD.lifted_at IS NOT NULL AND NEW.lifted_at IS DISTINCT FROM OLD.lifted_at))
    EXECUTE FUNCTION refuse_change();
"""
DISPOSE = """
CREATE FUNCTION privacy_dispose(wanted_kind text, wanted bigint[], of_run bigint)
    RETURNS SETOF bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, public, pg_temp AS $$
DECLARE
    taken bigint[];
BEGIN
    IF current_setting('role') <> 'owso_{schema}' THEN
        RAISE EXCEPTION 'only the province itself disposes of its data'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF wanted_kind NOT IN ('applicants', 'files', 'scans', 'outcomes', 'money') THEN
        RAISE EXCEPTION 'nothing of the kind % is disposed of here', wanted_kind
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- Whoever registers, places a hold or hands over holds the row: look again behind the lock.
    IF wanted_kind = 'applicants' THEN
        PERFORM FROM requests_applicant WHERE id = ANY(wanted) ORDER BY id FOR UPDATE;
    ELSE
        PERFORM FROM requests_servicerequest WHERE id = ANY(wanted) ORDER BY id FOR UPDATE;
    END IF;
    EXECUTE format('SELECT array(SELECT id FROM privacy_ended_%s WHERE id = ANY($1)'
        ' AND NOT is_held)', wanted_kind) INTO taken USING wanted;
    INSERT INTO privacy_disposal (kind, subject_id, run_id)
        SELECT wanted_kind, id, of_run FROM unnest(taken) AS id;
    IF wanted_kind = 'files' THEN
        UPDATE casework_note SET text = '—' WHERE request_id = ANY(taken);
        UPDATE casework_draft SET body = '—' WHERE request_id = ANY(taken);
        UPDATE casework_opinion SET question = CASE question WHEN '' THEN '' ELSE '—' END,
            answer = CASE answer WHEN '' THEN '' ELSE '—' END WHERE request_id = ANY(taken);
        UPDATE privacy_correction SET before_sealed = '', after_sealed = '', reason = '—',
            evidence = '—' WHERE request_id = ANY(taken);
        UPDATE privacy_objection SET grounds = '—',
            decision_reason = CASE decision_reason WHEN '' THEN '' ELSE '—' END
            WHERE request_id = ANY(taken);
    ELSIF wanted_kind = 'outcomes' THEN
        UPDATE casework_outcomedocument SET content_sealed = '', content_hash = ''
            WHERE request_id = ANY(taken);
    END IF;
    RETURN QUERY SELECT unnest(taken);
END $$;
REVOKE ALL ON FUNCTION privacy_dispose(text, bigint[], bigint) FROM PUBLIC;
"""
TAKE_COPY = """
CREATE FUNCTION privacy_take_copy(wanted bytea) RETURNS text
    LANGUAGE sql SECURITY DEFINER SET search_path = {schema}, public, pg_temp AS $$
    UPDATE privacy_datacopy SET fetched_at = coalesce(fetched_at, now())
    WHERE code_hash = wanted AND file_name <> '' AND expires_at > now()
      AND (fetched_at IS NULL OR fetched_at > now() - interval '10 minutes')
    RETURNING file_name
$$;
REVOKE ALL ON FUNCTION privacy_take_copy(bytea) FROM PUBLIC;
"""


def _views() -> list[str]:
    requests = [
        DUE_REQUESTS.format(kind=kind, ended=ENDED, something=something)
        for kind, something in SOMETHING.items()
    ]
    return [*requests, DUE_APPLICANTS.format(ended=ENDED)]


def _make(apps, schema_editor):
    schema = schema_editor.connection.schema_name
    for statement in (KEEP, GUARDS, *_views(), DISPOSE, TAKE_COPY):
        schema_editor.execute(statement.replace("{schema}", schema), params=None)


class Migration(migrations.Migration):
    """Adds views, functions and triggers; `refuse_change` comes with the requests.

    Not reversible: what was made blank stays so, and would break the triggers of before.
    """

    dependencies = [
        ("privacy", "0001_initial"),
        ("casework", "0002_written_once"),
        ("cashier", "0007_till_guards"),
        ("documents", "0004_withdrawn_by_disposal"),
        ("requests", "0005_event_day"),
    ]

    operations = [migrations.RunPython(_make)]
