"""Requests, their stages, pauses, papers and events."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import services.requests.fields


class Migration(migrations.Migration):
    """Makes the tables."""

    initial = True

    dependencies = [
        ("catalogue", "0001_initial"),
        ("offices", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Without it names cannot be searched; the extension is shared by all schemas.
        migrations.RunSQL(
            "CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public", migrations.RunSQL.noop
        ),
        migrations.CreateModel(
            name="Applicant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("full_name", models.CharField(max_length=200)),
                ("name_search", models.CharField(max_length=200)),
                (
                    "sex",
                    models.CharField(
                        blank=True, choices=[("f", "Female"), ("m", "Male")], max_length=1
                    ),
                ),
                (
                    "id_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("national_id", "National identity card"),
                            ("passport", "Passport"),
                            ("family_book", "Family book"),
                            ("residence_book", "Residence book"),
                        ],
                        max_length=16,
                    ),
                ),
                ("id_sealed", models.BinaryField(null=True)),
                ("id_hash", models.BinaryField(db_index=True, null=True)),
                ("phone_sealed", models.BinaryField(null=True)),
                ("phone_hash", models.BinaryField(db_index=True, null=True)),
                ("phone_last4_hash", models.BinaryField(null=True)),
                ("language", models.CharField(default="km", max_length=2)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["name_search"],
                        opclasses=["gin_trgm_ops"],
                        name="applicant_name_search",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tracking_code", models.CharField(max_length=13, unique=True)),
                ("idempotency_key", models.UUIDField(unique=True)),
                ("content_hash", models.BinaryField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("incomplete", "Papers are missing"),
                            ("registered", "Registered"),
                            ("in_progress", "In progress"),
                            ("waiting", "Waiting for the citizen"),
                            ("ready", "Ready to collect"),
                            ("delivered", "Collected"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=12,
                    ),
                ),
                ("quantity", models.PositiveIntegerField(default=1)),
                ("fee_values", models.JSONField(default=dict)),
                ("received_at", models.DateTimeField()),
                ("registered_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("promised_at", models.DateTimeField(null=True)),
                ("paused_minutes", models.PositiveIntegerField(default=0)),
                ("ready_at", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("source", models.CharField(blank=True, max_length=60)),
                ("source_ref", models.CharField(blank=True, max_length=120)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="requests.applicant",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="offices.office",
                    ),
                ),
                (
                    "received_office",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="offices.office",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.service",
                    ),
                ),
                (
                    "service_version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.serviceversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Representation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_sealed", models.BinaryField()),
                (
                    "authority_kind",
                    models.CharField(
                        choices=[
                            ("family", "Member of the family"),
                            ("letter", "Letter of authority"),
                            ("company", "For a company or an association"),
                            ("lawyer", "Lawyer"),
                        ],
                        max_length=10,
                    ),
                ),
                ("phone_sealed", models.BinaryField(null=True)),
                ("receives_notices", models.BooleanField(default=False)),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="representation",
                        to="requests.servicerequest",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Ending",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=2000)),
                ("ended_at", models.DateTimeField()),
                (
                    "ended_by",
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
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ending",
                        to="requests.servicerequest",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Collection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("collector_name_sealed", models.BinaryField()),
                ("is_applicant", models.BooleanField(default=True)),
                (
                    "id_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("national_id", "National identity card"),
                            ("passport", "Passport"),
                            ("family_book", "Family book"),
                            ("residence_book", "Residence book"),
                        ],
                        max_length=16,
                    ),
                ),
                ("id_hash", models.BinaryField(null=True)),
                ("collected_at", models.DateTimeField()),
                (
                    "handed_over_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collection",
                        to="requests.servicerequest",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StageVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sequence", models.PositiveSmallIntegerField()),
                ("stage_code", models.CharField(max_length=40)),
                ("actor_role", models.CharField(max_length=24)),
                ("entered_at", models.DateTimeField()),
                ("planned_minutes", models.PositiveIntegerField()),
                ("due_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "Done"),
                            ("returned", "Sent back"),
                            ("forwarded", "Forwarded to another office"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("dwell_minutes", models.PositiveIntegerField(null=True)),
                (
                    "handled_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="offices.office",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
                        to="requests.servicerequest",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.stagetemplate",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="servicerequest",
            name="current_visit",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="requests.stagevisit",
            ),
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("papers_missing", "A paper is missing"),
                            ("correction", "Something in the papers must be corrected"),
                            ("fee", "The fee has not been paid"),
                            ("site_visit", "The applicant must be present at a visit"),
                            ("other", "Another reason, told to the applicant"),
                        ],
                        max_length=20,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=2000)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pauses",
                        to="requests.servicerequest",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="requests.stagevisit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RequestEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("received", "Received, papers missing"),
                            ("registered", "Registered"),
                            ("paid", "Fee paid"),
                            ("reversed", "Payment reversed"),
                            ("advanced", "Next stage"),
                            ("paused", "Waiting for the citizen"),
                            ("resumed", "Going on"),
                            ("forwarded", "Forwarded to another office"),
                            ("ready", "Ready to collect"),
                            ("delivered", "Collected"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=12,
                    ),
                ),
                ("occurred_at", models.DateTimeField()),
                ("occurred_on", models.DateField()),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "xact_id",
                    services.requests.fields.TransactionIdField(
                        db_default=services.requests.fields.CurrentTransaction()
                    ),
                ),
                ("stage_left", models.CharField(blank=True, max_length=40)),
                ("dwell_minutes", models.PositiveIntegerField(null=True)),
                ("stage_was_late", models.BooleanField(null=True)),
                ("stage_entered", models.CharField(blank=True, max_length=40)),
                ("due_on_before", models.DateField(null=True)),
                ("due_on_after", models.DateField(null=True)),
                ("amount_riel", models.BigIntegerField(default=0)),
                ("duration_minutes", models.PositiveIntegerField(null=True)),
                ("was_late", models.BooleanField(null=True)),
                ("is_imported", models.BooleanField(default=False)),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="offices.office",
                    ),
                ),
                (
                    "office_before",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="offices.office",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.service",
                    ),
                ),
                (
                    "service_version",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.serviceversion",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="requests.servicerequest",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["xact_id", "id"], name="event_fold_order")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "received",
                                    "registered",
                                    "paid",
                                    "reversed",
                                    "advanced",
                                    "paused",
                                    "resumed",
                                    "forwarded",
                                    "ready",
                                    "delivered",
                                    "rejected",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="event_kind_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_handed_in", models.BooleanField()),
                (
                    "document",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.requireddocument",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="papers",
                        to="requests.servicerequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request", "document"), name="paper_is_checked_once_a_request"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="stagevisit",
            constraint=models.UniqueConstraint(
                fields=("request", "sequence"), name="visit_sequence_is_unique_in_its_request"
            ),
        ),
        migrations.AddConstraint(
            model_name="stagevisit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("left_at__isnull", True),
                    ("left_at__gte", models.F("entered_at")),
                    _connector="OR",
                ),
                name="visit_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="stagevisit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("dwell_minutes__isnull", True), ("left_at__isnull", True), ("outcome", "")
                    ),
                    models.Q(
                        ("dwell_minutes__isnull", False),
                        ("left_at__isnull", False),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="visit_left_has_an_outcome",
            ),
        ),
        migrations.AddIndex(
            model_name="servicerequest",
            index=models.Index(
                models.F("office"),
                models.F("due_at"),
                models.F("id"),
                condition=models.Q(("state__in", ["in_progress", "registered", "waiting"])),
                name="request_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="servicerequest",
            index=models.Index(
                models.F("office"),
                models.OrderBy(models.F("id"), descending=True),
                name="request_newest",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source", ""), _negated=True),
                fields=("source", "source_ref"),
                name="request_is_imported_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerequest",
            constraint=models.UniqueConstraint(
                fields=("id", "service_version"), name="request_and_version_for_charges"
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "incomplete",
                            "registered",
                            "in_progress",
                            "waiting",
                            "ready",
                            "delivered",
                            "rejected",
                            "withdrawn",
                        ],
                    )
                ),
                name="request_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="request_quantity_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "state__in",
                            ["in_progress", "registered", "waiting", "ready", "delivered"],
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        ("due_at__isnull", False),
                        ("due_on__isnull", False),
                        ("registered_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="request_open_has_a_deadline",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", False),
                        ("state__in", ["delivered", "rejected", "withdrawn"]),
                    ),
                    models.Q(
                        models.Q(
                            ("state__in", ["delivered", "rejected", "withdrawn"]), _negated=True
                        ),
                        ("closed_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="request_closed_has_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["ready", "delivered"]), _negated=True),
                    ("ready_at__isnull", False),
                    _connector="OR",
                ),
                name="request_ready_has_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("promised_at__isnull", True),
                    ("promised_at__lte", models.F("due_at")),
                    _connector="OR",
                ),
                name="request_promise_is_within_the_limit",
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("request",),
                name="request_waits_for_one_thing_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True),
                    ("ended_at__gte", models.F("started_at")),
                    _connector="OR",
                ),
                name="pause_ends_after_it_began",
            ),
        ),
    ]
