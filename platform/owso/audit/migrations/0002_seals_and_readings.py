"""Adds the ledger of readings and the seals, and makes all three append-only for everybody.

The triggers are our own: pgtrigger's could be switched off by a session variable. A column
whose default is the running transaction costs no rewrite of the table.
"""

import pgtrigger.migrations
from django.db import migrations, models
from django.db.models.functions import Now

import owso.database.fields

TABLES = ("audit_auditentry", "audit_accessentry", "audit_auditseal")
FUNCTION = """
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
TRIGGERS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
"""
WITHOUT = """
DROP TRIGGER append_only_whole ON {table};
DROP TRIGGER append_only ON {table};
"""
ID = (
    "id",
    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
)


def _transaction():
    return owso.database.fields.TransactionIdField(
        db_default=owso.database.fields.CurrentTransaction()
    )


class Migration(migrations.Migration):
    """The chain over what was done and what was read."""

    dependencies = [("audit", "0001_initial")]

    operations = [
        pgtrigger.migrations.RemoveTrigger(model_name="auditentry", name="append_only"),
        migrations.AddField("auditentry", "xact_id", _transaction()),
        migrations.AddIndex(
            "auditentry", models.Index(fields=["xact_id", "id"], name="audit_seal_order")
        ),
        migrations.CreateModel(
            name="AccessEntry",
            fields=[
                ID,
                ("at", models.DateTimeField(db_default=Now())),
                ("xact_id", _transaction()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(max_length=120)),
                ("role", models.CharField(blank=True, max_length=24)),
                ("office_id", models.BigIntegerField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("file", "Opened the file"),
                            ("found", "Opened the file from a search"),
                            ("slip", "Printed the slip"),
                            ("document", "Looked at a document"),
                            ("api", "Read by a program"),
                        ],
                        max_length=10,
                    ),
                ),
                ("request_id", models.BigIntegerField()),
                ("detail", models.CharField(blank=True, max_length=40)),
                ("address", models.CharField(blank=True, max_length=45)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["request_id", "id"], name="access_request"),
                    models.Index(fields=["xact_id", "id"], name="access_seal_order"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(kind__in=["file", "found", "slip", "document", "api"]),
                        name="access_kind_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ID,
                (
                    "ledger",
                    models.CharField(
                        choices=[("audit", "actions"), ("access", "readings")], max_length=10
                    ),
                ),
                ("sequence", models.PositiveBigIntegerField()),
                ("entries", models.PositiveIntegerField()),
                ("last_xact", owso.database.fields.TransactionIdField()),
                ("last_id", models.BigIntegerField()),
                ("drawn_id", models.BigIntegerField()),
                ("next_xact", owso.database.fields.TransactionIdField()),
                ("leaves", models.BinaryField()),
                ("previous", models.BinaryField()),
                ("digest", models.BinaryField()),
                ("key_version", models.PositiveSmallIntegerField()),
                ("sealed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["ledger", "sequence"], name="seal_has_one_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(entries__gt=0), name="seal_covers_something"
                    ),
                ]
            },
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION refuse_audit_change()"),
        *(
            migrations.RunSQL(TRIGGERS.format(table=table), WITHOUT.format(table=table))
            for table in TABLES
        ),
    ]
