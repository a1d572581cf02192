"""A small index for recounting the last days."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0003_fixed_once_published"),
        ("offices", "0001_initial"),
        ("requests", "0004_register_imports"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="requestevent",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["occurred_on"], name="event_day"
            ),
        ),
    ]
