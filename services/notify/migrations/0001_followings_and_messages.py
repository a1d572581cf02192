"""Followings, messages on their way, refusals, used links and the cursor of telling."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("requests", "0005_event_day"),
    ]

    operations = [
        migrations.CreateModel(
            name="TellingCursor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("xact_id", models.BigIntegerField()),
                ("event_id", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="UsedToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.BinaryField(unique=True)),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Following",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("telegram", "Telegram"),
                            ("sms", "SMS"),
                            ("push", "Notices in the browser"),
                            ("email", "E-mail"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("counter", "At the counter"), ("page", "On the citizens' page")],
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(default="km", max_length=2)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Not yet confirmed"),
                            ("active", "Follows"),
                            ("ended", "Ended"),
                        ],
                        max_length=10,
                    ),
                ),
                ("address_sealed", models.BinaryField(null=True)),
                ("address_hash", models.BinaryField(null=True)),
                ("after_event_id", models.BigIntegerField(default=0)),
                ("code_hash", models.BinaryField(null=True)),
                ("code_tries", models.PositiveSmallIntegerField(default=0)),
                ("code_until", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("stopped", "Stopped by the person"),
                            ("refused", "The number belongs to somebody else"),
                            ("blocked", "The number wants no messages"),
                            ("gone", "The address no longer exists"),
                            ("expired", "Never confirmed"),
                            ("closed", "The request is finished"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followings",
                        to="requests.servicerequest",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("received", "Received, papers missing"),
                            ("registered", "Registered"),
                            ("stage", "Next stage"),
                            ("waiting", "Waiting for the citizen"),
                            ("going_on", "Going on"),
                            ("moved", "The due day moved"),
                            ("forwarded", "Forwarded to another office"),
                            ("ready", "Ready to collect"),
                            ("delivered", "Collected"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                            ("confirm", "Confirmation of a follower"),
                            ("answer", "Answer to a question"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("telegram", "Telegram"),
                            ("sms", "SMS"),
                            ("push", "Notices in the browser"),
                            ("email", "E-mail"),
                        ],
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(default="km", max_length=2)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("text", models.CharField(blank=True, max_length=2000)),
                ("address_sealed", models.BinaryField(null=True)),
                ("parts", models.PositiveSmallIntegerField(default=1)),
                ("is_urgent", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting to be sent"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("delivered", "Arrived"),
                            ("failed", "Not delivered"),
                            ("cancelled", "No longer wanted"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("claim", models.UUIDField(null=True)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("provider", models.CharField(blank=True, max_length=20)),
                ("provider_ref", models.CharField(blank=True, max_length=100)),
                ("error_code", models.CharField(blank=True, max_length=40)),
                ("sent_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="requests.requestevent",
                    ),
                ),
                (
                    "following",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="notify.following",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="requests.servicerequest",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Refusal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("telegram", "Telegram"),
                            ("sms", "SMS"),
                            ("push", "Notices in the browser"),
                            ("email", "E-mail"),
                        ],
                        max_length=10,
                    ),
                ),
                ("address_hash", models.BinaryField()),
                ("refused_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "address_hash"), name="refusal_is_one_an_address"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="following",
            index=models.Index(fields=["request"], name="following_of_request"),
        ),
        migrations.AddIndex(
            model_name="following",
            index=models.Index(
                condition=models.Q(("address_hash__isnull", False)),
                fields=["address_hash"],
                name="following_by_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="following",
            constraint=models.UniqueConstraint(
                condition=models.Q(("address_hash__isnull", False)),
                fields=("request", "channel", "address_hash"),
                name="following_is_one_an_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="following",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", False),
                        ("state", "ended"),
                        models.Q(("end_reason", ""), _negated=True),
                        ("address_hash__isnull", True),
                        ("address_sealed__isnull", True),
                    ),
                    models.Q(
                        ("address_hash__isnull", False),
                        ("address_sealed__isnull", False),
                        ("end_reason", ""),
                        ("ended_at__isnull", True),
                        ("state__in", ["pending", "active"]),
                    ),
                    _connector="OR",
                ),
                name="following_has_an_address_until_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="following",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "active"), _negated=True),
                    ("confirmed_at__isnull", False),
                    _connector="OR",
                ),
                name="following_is_confirmed_before_it_tells",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                models.F("channel"),
                models.F("due_at"),
                models.F("id"),
                condition=models.Q(("state__in", ("waiting", "sending"))),
                name="message_due",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["request", "-id"], name="message_of_request"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("text", ""), _negated=True),
                fields=["created_at"],
                name="message_with_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                condition=models.Q(("event__isnull", False)),
                fields=("event", "following"),
                name="message_tells_an_event_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["waiting", "sending", "sent", "delivered", "failed", "cancelled"],
                    )
                ),
                name="message_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sending"), _negated=True),
                    models.Q(
                        ("claim__isnull", False),
                        ("claimed_at__isnull", False),
                        models.Q(("provider", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="message_in_hand_names_who_has_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["sent", "delivered"]), _negated=True),
                    ("sent_at__isnull", False),
                    _connector="OR",
                ),
                name="message_sent_has_its_time",
            ),
        ),
    ]
