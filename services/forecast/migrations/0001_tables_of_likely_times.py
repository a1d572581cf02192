"""Adds the tables of likely times, one row a province."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("tenants", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ForecastTable",
            fields=[
                (
                    "province",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="tenants.province",
                    ),
                ),
                ("computed_at", models.DateTimeField()),
                ("content", models.JSONField(default=dict)),
            ],
        ),
    ]
