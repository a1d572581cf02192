"""The tables of office hours and holidays."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Holiday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True, verbose_name="day")),
                ("name_km", models.CharField(max_length=300, verbose_name="name in Khmer")),
                ("name_en", models.CharField(max_length=300, verbose_name="name in English")),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                ("is_added", models.BooleanField(default=False, verbose_name="added by hand")),
            ],
            options={
                "verbose_name": "holiday",
                "verbose_name_plural": "holidays",
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="OfficeHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(unique=True, verbose_name="code")),
                ("name_km", models.CharField(max_length=200, verbose_name="name in Khmer")),
                ("name_en", models.CharField(max_length=200, verbose_name="name in English")),
            ],
            options={
                "verbose_name": "office hours",
                "verbose_name_plural": "office hours",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="OpeningPeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField(verbose_name="weekday")),
                ("opens_at", models.TimeField(verbose_name="opens at")),
                ("closes_at", models.TimeField(verbose_name="closes at")),
                (
                    "office_hours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="periods",
                        to="calendars.officehours",
                        verbose_name="hours",
                    ),
                ),
            ],
            options={
                "verbose_name": "opening period",
                "verbose_name_plural": "opening periods",
                "ordering": ["office_hours", "weekday", "opens_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekday__lte", 6)), name="opening_weekday_exists"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="opening_ends_after_it_begins",
                    ),
                ],
            },
        ),
    ]
