"""What the catalogue may never hold."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [
        migrations.RunSQL(
            # A trusted extension: the owner of the database may make it.
            "CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="feedimension",
            constraint=models.UniqueConstraint(
                fields=("rule", "code"), name="fee_dimension_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceversion",
            constraint=models.UniqueConstraint(
                fields=("service", "number"), name="version_number_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("limit_days__gte", 1)), name="version_limit_at_least_one_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("limit_days_min__isnull", True),
                    ("limit_days_min__lte", models.F("limit_days")),
                    _connector="OR",
                ),
                name="version_limit_range_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="version_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceversion",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("state", "published")),
                expressions=[
                    (
                        models.Func(
                            "valid_from",
                            "valid_until",
                            models.Value("[]"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                    ("service", "="),
                ],
                name="published_versions_do_not_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="requireddocument",
            constraint=models.UniqueConstraint(
                fields=("version", "sort_order"), name="document_order_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="feetier",
            constraint=models.UniqueConstraint(
                fields=("rule", "code"), name="fee_tier_code_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="feetier",
            constraint=models.UniqueConstraint(
                fields=("rule", "conditions"), name="fee_tier_case_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="feetier",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_riel__gte", 0)), name="fee_amount_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="feetier",
            constraint=models.UniqueConstraint(
                fields=("id", "version", "amount_riel", "ceiling"), name="fee_tier_as_charged"
            ),
        ),
        migrations.AddConstraint(
            model_name="feerule",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity_max__gte", 1)), name="fee_quantity_at_least_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="feerule",
            constraint=models.UniqueConstraint(
                fields=("id", "version"), name="fee_rule_with_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="stagetemplate",
            constraint=models.UniqueConstraint(
                fields=("version", "sort_order"), name="stage_order_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="stagetemplate",
            constraint=models.UniqueConstraint(
                fields=("version", "code"), name="stage_code_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="stagetemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(("limit_minutes__gte", 1)),
                name="stage_limit_at_least_one_minute",
            ),
        ),
        migrations.RunSQL(
            # A tier belongs to the version of its rule.
            "ALTER TABLE catalogue_feetier ADD CONSTRAINT fee_tier_of_the_rules_version"
            " FOREIGN KEY (rule_id, version_id) REFERENCES catalogue_feerule (id, version_id)"
            " DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE catalogue_feetier DROP CONSTRAINT fee_tier_of_the_rules_version",
        ),
    ]
