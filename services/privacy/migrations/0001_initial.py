"""Holds, runs of the disposal, copies of data, corrections and objections."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import owso.database.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("requests", "0005_event_day"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DisposalRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_dry_run", models.BooleanField()),
                ("place", models.CharField(blank=True, max_length=20)),
                ("behind", models.BigIntegerField(default=0)),
                ("report", models.JSONField(default=dict)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "started_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Disposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("subject_id", models.BigIntegerField()),
                (
                    "xact_id",
                    owso.database.fields.TransactionIdField(
                        db_default=owso.database.fields.CurrentTransaction()
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disposals",
                        to="privacy.disposalrun",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=2000)),
                ("until", models.DateField(null=True)),
                ("placed_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "applicant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="requests.applicant",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="requests.servicerequest",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "against",
                    models.CharField(
                        choices=[
                            ("messages", "Messages about the request"),
                            ("reuse", "Finding the data again at the next visit"),
                        ],
                        max_length=10,
                    ),
                ),
                ("grounds", models.CharField(max_length=2000)),
                ("recorded_at", models.DateTimeField()),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("open", "Waits for a decision"),
                            ("upheld", "Upheld: it stops"),
                            ("refused", "Refused"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("decision_reason", models.CharField(blank=True, max_length=2000)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="requests.servicerequest",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[("full_name", "Name"), ("phone", "Phone")], max_length=12
                    ),
                ),
                ("before_sealed", models.BinaryField()),
                ("after_sealed", models.BinaryField()),
                ("reason", models.CharField(max_length=2000)),
                ("evidence", models.CharField(max_length=2000)),
                ("corrected_at", models.DateTimeField()),
                (
                    "corrected_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="requests.servicerequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True),
                            models.Q(("evidence", ""), _negated=True),
                        ),
                        name="correction_has_a_reason_and_evidence",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DataCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "proof",
                    models.CharField(
                        choices=[
                            ("matched", "The number of the paper is the one on file"),
                            ("seen", "A paper with the name was seen; no number is on file"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "id_kind",
                    models.CharField(
                        choices=[
                            ("national_id", "National identity card"),
                            ("passport", "Passport"),
                            ("family_book", "Family book"),
                            ("residence_book", "Residence book"),
                        ],
                        max_length=16,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("code_hash", models.BinaryField(null=True, unique=True)),
                ("file_name", models.CharField(blank=True, max_length=100)),
                ("fetched_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="data_copies",
                        to="requests.servicerequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="copy_expires_after_it_is_made",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="disposalrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at__isnull", True), ("is_dry_run", False)),
                fields=("is_dry_run",),
                name="disposal_runs_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="disposal",
            constraint=models.UniqueConstraint(
                fields=("kind", "subject_id"), name="data_is_disposed_of_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("request__isnull", True), ("applicant__isnull", True), _connector="XOR"
                ),
                name="hold_is_on_a_request_or_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="hold_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_at__isnull", True)),
                fields=("request", "against"),
                name="objection_waits_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True), ("decision", "open"), ("decision_reason", "")
                    ),
                    models.Q(
                        models.Q(("decision", "open"), _negated=True),
                        ("decided_at__isnull", False),
                        models.Q(("decision_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="objection_decided_says_why",
            ),
        ),
    ]
