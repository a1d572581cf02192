"""Drafts, consents to notices, the log of prints and the tickets of the waiting room."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes the tables."""

    initial = True

    dependencies = [
        ("cashier", "0004_tracking_view"),
        ("offices", "0001_initial"),
        ("requests", "0005_event_day"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(unique=True)),
                ("service_code", models.CharField(blank=True, max_length=40)),
                ("content_sealed", models.BinaryField()),
                ("started_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="offices.office",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("saved_at__gte", models.F("started_at")),
                            ("expires_at__gt", models.F("saved_at")),
                        ),
                        name="draft_ends_after_it_was_saved",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeConsent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text_version", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=2)),
                (
                    "recipient",
                    models.CharField(
                        choices=[
                            ("applicant", "The applicant"),
                            ("representative", "The representative"),
                        ],
                        max_length=16,
                    ),
                ),
                ("given_at", models.DateTimeField()),
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
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notice_consent",
                        to="requests.servicerequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("recipient__in", ["applicant", "representative"])),
                        name="consent_recipient_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text_version", ""), _negated=True),
                        name="consent_names_the_text_it_was_given_to",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Printing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("job", models.UUIDField(db_index=True)),
                (
                    "sheet",
                    models.CharField(
                        choices=[
                            ("application", "Application receipt"),
                            ("payment", "Payment receipt"),
                            ("cover", "Cover of the outcome"),
                        ],
                        max_length=16,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "paper",
                    models.CharField(
                        choices=[("a5", "A5 sheet"), ("a4", "A4 sheet"), ("80mm", "80 mm roll")],
                        max_length=8,
                    ),
                ),
                ("printed_at", models.DateTimeField()),
                (
                    "printed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cashier.receipt",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="printings",
                        to="requests.servicerequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request", "sheet", "receipt", "number"),
                        name="print_is_numbered_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("receipt__isnull", False), ("sheet", "payment")),
                            models.Q(
                                models.Q(("sheet", "payment"), _negated=True),
                                ("receipt__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="print_of_a_payment_names_its_receipt",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="print_number_is_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("number", models.PositiveIntegerField()),
                ("issued_at", models.DateTimeField()),
                ("called_at", models.DateTimeField(null=True)),
                (
                    "called_by",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("office", "day", "number"), name="ticket_number_is_given_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("called_at__isnull", True),
                            ("called_at__gte", models.F("issued_at")),
                            _connector="OR",
                        ),
                        name="ticket_is_called_after_it_was_issued",
                    ),
                ],
            },
        ),
    ]
