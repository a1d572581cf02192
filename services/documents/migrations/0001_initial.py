"""Documents of a request, and uploads on their way."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes the tables."""

    initial = True

    dependencies = [
        ("catalogue", "0001_initial"),
        ("requests", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
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
                    "attached_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "withdrawal_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("wrong_request", "It belongs to another request"),
                            ("unreadable", "It cannot be read"),
                            ("replaced", "A better one was attached"),
                            ("not_needed", "It is not needed for this service"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "attached_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.requireddocument",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="requests.servicerequest",
                    ),
                ),
                (
                    "withdrawn_by",
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
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name_sealed", models.BinaryField()),
                ("total_bytes", models.PositiveIntegerField()),
                ("received_bytes", models.PositiveIntegerField(default=0)),
                ("parts", models.JSONField(default=list)),
                ("key_sealed", models.BinaryField()),
                ("touched_at", models.DateTimeField(db_index=True)),
                (
                    "begun_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
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
                        related_name="+",
                        to="requests.servicerequest",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["application/pdf", "image/jpeg", "image/png", "image/webp"])
                ),
                name="document_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawal_reason", ""), ("withdrawn_at__isnull", True)),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        models.Q(("withdrawal_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="document_withdrawn_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("received_bytes__lte", models.F("total_bytes")), ("total_bytes__gt", 0)
                ),
                name="upload_is_within_its_size",
            ),
        ),
    ]
