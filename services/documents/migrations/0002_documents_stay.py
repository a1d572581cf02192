"""Documents are never deleted; only a withdrawal, once, and a newly sealed key may change one."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION keep_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'documents are withdrawn, not deleted'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.withdrawn_at IS NOT NULL AND (NEW.withdrawn_at, NEW.withdrawn_by_id,
        NEW.withdrawal_reason) IS DISTINCT FROM (OLD.withdrawn_at, OLD.withdrawn_by_id,
        OLD.withdrawal_reason) THEN
        RAISE EXCEPTION 'a withdrawal is final' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.id, NEW.request_id, NEW.paper_id, NEW.kind, NEW.size_bytes, NEW.file_name, NEW.digest,
        NEW.attached_by_id, NEW.attached_at) IS DISTINCT FROM (OLD.id, OLD.request_id,
        OLD.paper_id, OLD.kind, OLD.size_bytes, OLD.file_name, OLD.digest, OLD.attached_by_id,
        OLD.attached_at) THEN
        RAISE EXCEPTION 'a document is never altered'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON documents_document
    FOR EACH ROW EXECUTE FUNCTION keep_document();
CREATE TRIGGER keep_whole BEFORE TRUNCATE ON documents_document
    FOR EACH STATEMENT EXECUTE FUNCTION keep_document();
"""
WITHOUT = """
DROP TRIGGER keep_whole ON documents_document;
DROP TRIGGER keep ON documents_document;
DROP FUNCTION keep_document();
"""


class Migration(migrations.Migration):
    """Adds the trigger that keeps documents."""

    dependencies = [("documents", "0001_initial")]

    operations = [migrations.RunSQL(FUNCTION, WITHOUT)]
