"""The workspace of register imports; an imported request may have no applicant."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds three tables and lets the applicant be empty for imports."""

    dependencies = [
        ("catalogue", "0003_fixed_once_published"),
        ("offices", "0001_initial"),
        ("requests", "0003_national_views"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.PositiveBigIntegerField()),
                ("reference", models.CharField(max_length=120)),
                ("is_refused", models.BooleanField()),
                ("received_at", models.DateTimeField(null=True)),
                ("planned_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=12)),
                ("stage_code", models.CharField(blank=True, max_length=40)),
                ("stage_at", models.DateTimeField(null=True)),
                ("is_completing", models.BooleanField(default=False)),
                ("service_code", models.CharField(blank=True, max_length=40)),
                ("office_code", models.CharField(blank=True, max_length=8)),
                ("channel", models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="ImportNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.PositiveBigIntegerField()),
                ("column", models.CharField(blank=True, max_length=200)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("refused", "refused"),
                            ("warning", "taken over with a correction"),
                            ("note", "taken over, for your information"),
                        ],
                        max_length=8,
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("data", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                ("source", models.CharField(max_length=60)),
                ("is_dry_run", models.BooleanField()),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("loading", "Reading the file"),
                            ("gathering", "Taking over the cases"),
                            ("done", "Finished"),
                        ],
                        default="loading",
                        max_length=10,
                    ),
                ),
                ("lines_read", models.PositiveBigIntegerField(default=0)),
                ("last_reference", models.CharField(blank=True, max_length=120)),
                ("imported", models.PositiveBigIntegerField(default=0)),
                ("repeated", models.PositiveBigIntegerField(default=0)),
                ("refused_cases", models.PositiveBigIntegerField(default=0)),
                ("stages", models.PositiveBigIntegerField(default=0)),
                (
                    "started_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AlterField(
            model_name="servicerequest",
            name="applicant",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to="requests.applicant",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("applicant__isnull", False),
                    models.Q(("source", ""), _negated=True),
                    _connector="OR",
                ),
                name="request_has_an_applicant_unless_imported",
            ),
        ),
        migrations.AddIndex(
            model_name="importrun",
            index=models.Index(fields=["source", "phase"], name="import_run_of_source"),
        ),
        migrations.AddField(
            model_name="importnote",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notes",
                to="requests.importrun",
            ),
        ),
        migrations.AddField(
            model_name="importline",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="requests.importrun",
            ),
        ),
        migrations.AddIndex(
            model_name="importnote",
            index=models.Index(fields=["run", "line", "id"], name="import_note_by_line"),
        ),
        migrations.AddIndex(
            model_name="importline",
            index=models.Index(fields=["run", "reference", "line"], name="import_line_by_case"),
        ),
    ]
