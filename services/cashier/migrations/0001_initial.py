"""Charges, payments, receipts and reversals."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes the tables."""

    initial = True

    dependencies = [
        ("catalogue", "0001_initial"),
        ("offices", "0001_initial"),
        ("requests", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Charge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit_riel", models.BigIntegerField()),
                (
                    "ceiling",
                    models.CharField(
                        choices=[("exact", "exact fee"), ("maximum", "maximum fee")], max_length=10
                    ),
                ),
                ("quantity", models.PositiveIntegerField()),
                ("amount_riel", models.BigIntegerField()),
                ("created_at", models.DateTimeField()),
                (
                    "fee_tier",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.feetier",
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charge",
                        to="requests.servicerequest",
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
            ],
        ),
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("posted_on", models.DateField(unique=True)),
                ("riel_per_dollar", models.PositiveIntegerField()),
                (
                    "posted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[("cash", "Cash"), ("khqr", "KHQR by phone")], max_length=8
                    ),
                ),
                ("amount_riel", models.BigIntegerField()),
                (
                    "currency",
                    models.CharField(choices=[("KHR", "Riel"), ("USD", "US dollar")], max_length=3),
                ),
                ("tendered_cents", models.BigIntegerField(null=True)),
                ("idempotency_key", models.UUIDField(unique=True)),
                ("paid_at", models.DateTimeField()),
                (
                    "cashier",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "charge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="cashier.charge",
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
                    "rate",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cashier.exchangerate",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="requests.servicerequest",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("issued_at", models.DateTimeField()),
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
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipt",
                        to="cashier.payment",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReceiptSeries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("last_number", models.PositiveIntegerField()),
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
        ),
        migrations.CreateModel(
            name="Reversal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount_riel", models.BigIntegerField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("rejected", "The request was rejected"),
                            ("wrong_amount", "The wrong amount was taken"),
                            ("wrong_request", "It was taken for the wrong request"),
                            ("duplicate", "It was taken twice"),
                            ("other", "Another reason"),
                        ],
                        max_length=16,
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                (
                    "approved_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversal",
                        to="cashier.payment",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReversalRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount_riel", models.BigIntegerField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("rejected", "The request was rejected"),
                            ("wrong_amount", "The wrong amount was taken"),
                            ("wrong_request", "It was taken for the wrong request"),
                            ("duplicate", "It was taken twice"),
                            ("other", "Another reason"),
                        ],
                        max_length=16,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=2000)),
                ("requested_at", models.DateTimeField()),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("open", "Waits for approval"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                        ],
                        db_index=True,
                        default="open",
                        max_length=8,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversal_requests",
                        to="cashier.payment",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "amount_riel",
                            django.db.models.expressions.CombinedExpression(
                                models.F("unit_riel"), "*", models.F("quantity")
                            ),
                        ),
                        ("ceiling", "exact"),
                    ),
                    models.Q(
                        ("amount_riel__gte", 0),
                        (
                            "amount_riel__lte",
                            django.db.models.expressions.CombinedExpression(
                                models.F("unit_riel"), "*", models.F("quantity")
                            ),
                        ),
                        ("ceiling", "maximum"),
                    ),
                    _connector="OR",
                ),
                name="charge_is_what_the_fee_allows",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="charge_quantity_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="exchangerate",
            constraint=models.CheckConstraint(
                condition=models.Q(("riel_per_dollar__gte", 1000), ("riel_per_dollar__lte", 20000)),
                name="exchange_rate_is_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_riel__gt", 0)), name="payment_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("currency", "KHR"),
                        ("rate__isnull", True),
                        ("tendered_cents__isnull", True),
                    ),
                    models.Q(
                        ("currency", "USD"), ("rate__isnull", False), ("tendered_cents__gt", 0)
                    ),
                    _connector="OR",
                ),
                name="payment_in_dollars_has_a_rate",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(
                fields=("office", "year", "number"), name="receipt_number_is_given_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gt", 0)), name="receipt_numbers_start_at_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptseries",
            constraint=models.UniqueConstraint(
                fields=("office", "year"), name="receipt_series_is_one_an_office_and_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="reversal",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_riel__gt", 0)), name="reversal_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="reversal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("requested_by__isnull", True),
                    models.Q(("requested_by", models.F("approved_by")), _negated=True),
                    _connector="OR",
                ),
                name="reversal_is_approved_by_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="reversalrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decision", "open")),
                fields=("payment",),
                name="reversal_is_asked_for_once_at_a_time",
            ),
        ),
    ]
