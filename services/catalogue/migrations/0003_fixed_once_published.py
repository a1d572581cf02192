"""Triggers that keep published versions as they were published."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_constraints")]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="feedimensionvalue",
            trigger=pgtrigger.compiler.Trigger(
                name="part_is_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE part record; version_state text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                part := OLD;\n                SELECT state INTO version_state FROM catalogue_serviceversion\n                    WHERE id = (SELECT r.version_id FROM catalogue_feedimension d JOIN catalogue_feerule r ON r.id = d.rule_id WHERE d.id = part.dimension_id) FOR SHARE;\n                IF version_state <> 'draft' THEN\n                    RAISE EXCEPTION 'this part belongs to a service version that is published'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                part := NEW;\n                SELECT state INTO version_state FROM catalogue_serviceversion\n                    WHERE id = (SELECT r.version_id FROM catalogue_feedimension d JOIN catalogue_feerule r ON r.id = d.rule_id WHERE d.id = part.dimension_id) FOR SHARE;\n                IF version_state <> 'draft' THEN\n                    RAISE EXCEPTION 'this part belongs to a service version that is published'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP = 'DELETE' THEN\n                RETURN OLD;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="a59b0b290864326ea39c1e6e0d18b8db2337ad3a",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_part_is_fixed_e686f",
                    table="catalogue_feedimensionvalue",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="feedimension",
            trigger=pgtrigger.compiler.Trigger(
                name="part_is_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE part record; version_state text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                part := OLD;\n                SELECT state INTO version_state FROM catalogue_serviceversion\n                    WHERE id = (SELECT version_id FROM catalogue_feerule WHERE id = part.rule_id) FOR SHARE;\n                IF version_state <> 'draft' THEN\n                    RAISE EXCEPTION 'this part belongs to a service version that is published'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                part := NEW;\n                SELECT state INTO version_state FROM catalogue_serviceversion\n                    WHERE id = (SELECT version_id FROM catalogue_feerule WHERE id = part.rule_id) FOR SHARE;\n                IF version_state <> 'draft' THEN\n                    RAISE EXCEPTION 'this part belongs to a service version that is published'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP = 'DELETE' THEN\n                RETURN OLD;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="9623c6ab8427548b1c273461707a4c96e53d5fcc",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_part_is_fixed_a7783",
                    table="catalogue_feedimension",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="serviceversion",
            trigger=pgtrigger.compiler.Trigger(
                name="published_version_is_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.state <> 'draft')",
                    func="\n            IF TG_OP = 'UPDATE'\n                AND (NEW.state = OLD.state OR NEW.state = 'retired')\n                AND to_jsonb(NEW) - '{state,valid_until}'::text[]\n                    = to_jsonb(OLD) - '{state,valid_until}'::text[]\n            THEN\n                RETURN NEW;\n            END IF;\n            RAISE EXCEPTION 'a published service version is not changed but followed by another'\n                USING ERRCODE = 'check_violation';\n        ",
                    hash="f4b3e8c537b9e123e05eb9e11c55cb1bee22cd39",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_published_version_is_fixed_fbe93",
                    table="catalogue_serviceversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="requireddocument",
            trigger=pgtrigger.compiler.Trigger(
                name="part_is_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE part record; version_state text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                part := OLD;\n                SELECT state INTO version_state FROM catalogue_serviceversion\n                    WHERE id = (part.version_id) FOR SHARE;\n                IF version_state <> 'draft' THEN\n                    RAISE EXCEPTION 'this part belongs to a service version that is published'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                part := NEW;\n                SELECT state INTO version_state FROM catalogue_serviceversion\n                    WHERE id = (part.version_id) FOR SHARE;\n                IF version_state <> 'draft' THEN\n                    RAISE EXCEPTION 'this part belongs to a service version that is published'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP = 'DELETE' THEN\n                RETURN OLD;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="f863883ee6ee3547c5d239062fce45c6579b2a0b",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_part_is_fixed_cfce1",
                    table="catalogue_requireddocument",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="feetier",
            trigger=pgtrigger.compiler.Trigger(
                name="part_is_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE part record; version_state text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                part := OLD;\n                SELECT state INTO version_state FROM catalogue_serviceversion\n                    WHERE id = (part.version_id) FOR SHARE;\n                IF version_state <> 'draft' THEN\n                    RAISE EXCEPTION 'this part belongs to a service version that is published'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                part := NEW;\n                SELECT state INTO version_state FROM catalogue_serviceversion\n                    WHERE id = (part.version_id) FOR SHARE;\n                IF version_state <> 'draft' THEN\n                    RAISE EXCEPTION 'this part belongs to a service version that is published'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP = 'DELETE' THEN\n                RETURN OLD;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="4a9657378f03ebc347f6732092694d1e095e28d5",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_part_is_fixed_afcd8",
                    table="catalogue_feetier",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="feerule",
            trigger=pgtrigger.compiler.Trigger(
                name="part_is_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE part record; version_state text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                part := OLD;\n                SELECT state INTO version_state FROM catalogue_serviceversion\n                    WHERE id = (part.version_id) FOR SHARE;\n                IF version_state <> 'draft' THEN\n                    RAISE EXCEPTION 'this part belongs to a service version that is published'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                part := NEW;\n                SELECT state INTO version_state FROM catalogue_serviceversion\n                    WHERE id = (part.version_id) FOR SHARE;\n                IF version_state <> 'draft' THEN\n                    RAISE EXCEPTION 'this part belongs to a service version that is published'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP = 'DELETE' THEN\n                RETURN OLD;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="0e7fc14f1786f47d8d3730c37afe4cb98ab1e9b0",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_part_is_fixed_67996",
                    table="catalogue_feerule",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stagetemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="part_is_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE part record; version_state text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                part := OLD;\n                SELECT state INTO version_state FROM catalogue_serviceversion\n                    WHERE id = (part.version_id) FOR SHARE;\n                IF version_state <> 'draft' THEN\n                    RAISE EXCEPTION 'this part belongs to a service version that is published'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                part := NEW;\n                SELECT state INTO version_state FROM catalogue_serviceversion\n                    WHERE id = (part.version_id) FOR SHARE;\n                IF version_state <> 'draft' THEN\n                    RAISE EXCEPTION 'this part belongs to a service version that is published'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP = 'DELETE' THEN\n                RETURN OLD;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="b96756484776f9f2bf0261a86f0dab70bb04d5d5",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_part_is_fixed_a0f25",
                    table="catalogue_stagetemplate",
                    when="BEFORE",
                ),
            ),
        ),
    ]
