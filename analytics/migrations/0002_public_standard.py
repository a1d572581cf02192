"""Adds the kept rows of the public standard."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("analytics", "0001_facts"),
        ("catalogue", "0003_fixed_once_published"),
        ("tenants", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="StandardFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(db_index=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("nation", "Whole country"),
                            ("province", "Province"),
                            ("office", "Office"),
                            ("service", "Service"),
                        ],
                        max_length=8,
                    ),
                ),
                ("office_id", models.BigIntegerField(null=True)),
                ("received", models.IntegerField()),
                ("on_time", models.IntegerField()),
                ("late", models.IntegerField()),
                ("payments", models.IntegerField()),
                ("income_riel", models.BigIntegerField()),
                ("median_minutes", models.IntegerField(null=True)),
                ("p90_minutes", models.IntegerField(null=True)),
                ("as_of", models.DateTimeField(null=True)),
                ("computed_at", models.DateTimeField()),
                (
                    "province",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.province",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.service",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "kind", "province", "office_id", "service"),
                        name="standard_row_is_kept_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
