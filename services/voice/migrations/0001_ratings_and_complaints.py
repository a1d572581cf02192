"""Adds ratings and complaints."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("offices", "0003_what_citizens_see_of_the_days"),
        ("requests", "0005_event_day"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Complaint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=19, unique=True)),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("staff", "How I was treated"),
                            ("delay", "It takes too long"),
                            ("fee", "The fee, or money asked without a receipt"),
                            ("result", "The result or the refusal"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("contact_sealed", models.BinaryField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_jurisdiction", "Taken up: the citizens' office looks into it"),
                            ("not_in_jurisdiction", "Not for the citizens' office to decide"),
                            ("resolved", "Resolved"),
                            ("more_information", "More information is needed from you"),
                        ],
                        max_length=20,
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("waiting_since", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("escalated_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="offices.office",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="requests.servicerequest",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ComplaintFile",
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
                            ("application/pdf", "PDF"),
                            ("image/jpeg", "JPEG"),
                            ("image/png", "PNG"),
                            ("image/webp", "WebP"),
                        ],
                        max_length=20,
                    ),
                ),
                ("size_bytes", models.PositiveIntegerField()),
                ("file_name", models.CharField(max_length=100, unique=True)),
                ("key_sealed", models.BinaryField()),
                ("digest", models.BinaryField()),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="voice.complaint",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ComplaintWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_jurisdiction", "Taken up: the citizens' office looks into it"),
                            ("not_in_jurisdiction", "Not for the citizens' office to decide"),
                            ("resolved", "Resolved"),
                            ("more_information", "More information is needed from you"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text_sealed", models.BinaryField()),
                ("said_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="words",
                        to="voice.complaint",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rated_on", models.DateField()),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="offices.office",
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rating",
                        to="requests.servicerequest",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RatingScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "criterion",
                    models.CharField(
                        choices=[
                            ("staff", "Behaviour of the staff"),
                            ("punctuality", "Punctuality"),
                            ("service", "Level of service"),
                            ("fees", "Fees"),
                            ("quality", "Quality of the result"),
                            ("transparency", "Transparency"),
                            ("front", "Accountability of the front office"),
                            ("back", "Accountability of the back office"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (5, "Very good"),
                            (4, "Good"),
                            (3, "Fair"),
                            (2, "Poor"),
                            (1, "Very poor"),
                        ]
                    ),
                ),
                (
                    "rating",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="voice.rating",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                models.F("due_at"),
                models.F("id"),
                condition=models.Q(("closed_at__isnull", True)),
                name="complaint_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(("about__in", ["staff", "delay", "fee", "result", "other"])),
                name="complaint_matter_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome", ""),
                    (
                        "outcome__in",
                        ["in_jurisdiction", "not_in_jurisdiction", "resolved", "more_information"],
                    ),
                    _connector="OR",
                ),
                name="complaint_outcome_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", False),
                        ("outcome__in", ["not_in_jurisdiction", "resolved"]),
                    ),
                    models.Q(
                        models.Q(
                            ("outcome__in", ["not_in_jurisdiction", "resolved"]), _negated=True
                        ),
                        ("closed_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="complaint_is_closed_by_its_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("waiting_since__isnull", True),
                    ("outcome", "more_information"),
                    _connector="OR",
                ),
                name="complaint_waits_for_what_was_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaintword",
            constraint=models.UniqueConstraint(
                fields=("complaint", "number"), name="complaint_word_has_its_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="complaintword",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        [
                            "in_jurisdiction",
                            "not_in_jurisdiction",
                            "resolved",
                            "more_information",
                            "",
                        ],
                    )
                ),
                name="complaint_word_outcome_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaintword",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", ""), _negated=True), ("by__isnull", True), _connector="OR"
                ),
                name="complaint_of_a_citizen_names_nobody",
            ),
        ),
        migrations.AddConstraint(
            model_name="ratingscore",
            constraint=models.UniqueConstraint(
                fields=("rating", "criterion"), name="rating_scores_a_criterion_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ratingscore",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "criterion__in",
                        [
                            "staff",
                            "punctuality",
                            "service",
                            "fees",
                            "quality",
                            "transparency",
                            "front",
                            "back",
                        ],
                    )
                ),
                name="rating_criterion_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ratingscore",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__gte", 1), ("score__lte", 5)),
                name="rating_score_is_one_to_five",
            ),
        ),
    ]
