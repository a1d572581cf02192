"""The periods of retention, which every province reads."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="RetentionPeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20, unique=True)),
                ("usual_days", models.PositiveIntegerField()),
                ("minimum_days", models.PositiveIntegerField()),
                ("own_days", models.PositiveIntegerField(null=True)),
                ("set_by", models.CharField(blank=True, max_length=120)),
                ("set_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("usual_days__gte", models.F("minimum_days"))),
                        name="usual_period_is_legal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("own_days__isnull", True),
                            ("own_days__gte", models.F("minimum_days")),
                            _connector="OR",
                        ),
                        name="own_period_is_legal",
                    ),
                ],
            },
        ),
    ]
