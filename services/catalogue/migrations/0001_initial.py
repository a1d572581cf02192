"""The tables of the catalogue."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="FeeRule",
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
                            ("free", "Free of charge"),
                            ("flat", "One fee"),
                            ("per_unit", "A fee for each unit"),
                            ("by_dimension", "A fee that depends on the case"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("unit_km", models.CharField(max_length=100, verbose_name="unit in Khmer")),
                ("unit_en", models.CharField(max_length=100, verbose_name="unit in English")),
                (
                    "quantity_max",
                    models.PositiveIntegerField(default=1, verbose_name="largest quantity"),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
            ],
            options={
                "verbose_name": "fee rule",
                "verbose_name_plural": "fee rules",
                "ordering": ["version"],
            },
        ),
        migrations.CreateModel(
            name="LegalInstrument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(unique=True, verbose_name="code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sub_decree", "Sub-decree"),
                            ("prakas", "Prakas"),
                            ("joint_prakas", "Inter-ministerial prakas"),
                            ("published_table", "Published table; its legal text is not named"),
                            ("press", "Press report"),
                            ("placeholder", "Demo data, not law"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="number")),
                ("title_km", models.CharField(max_length=300, verbose_name="title in Khmer")),
                ("title_en", models.CharField(max_length=300, verbose_name="title in English")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="issued on")),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="source")),
            ],
            options={
                "verbose_name": "legal instrument",
                "verbose_name_plural": "legal instruments",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Sector",
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
                ("sort_order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
            ],
            options={
                "verbose_name": "sector",
                "verbose_name_plural": "sectors",
                "ordering": ["sort_order", "code"],
            },
        ),
        migrations.CreateModel(
            name="FeeDimension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(verbose_name="code")),
                ("name_km", models.CharField(max_length=200, verbose_name="name in Khmer")),
                ("name_en", models.CharField(max_length=200, verbose_name="name in English")),
                ("sort_order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dimensions",
                        to="catalogue.feerule",
                        verbose_name="fee rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "fee dimension",
                "verbose_name_plural": "fee dimensions",
                "ordering": ["rule", "sort_order"],
            },
        ),
        migrations.AddField(
            model_name="feerule",
            name="instrument",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="fee_rules",
                to="catalogue.legalinstrument",
                verbose_name="legal text",
            ),
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "Capital or province"),
                            ("district", "District, khan or town"),
                            ("commune", "Commune or sangkat"),
                        ],
                        max_length=10,
                        verbose_name="level",
                    ),
                ),
                ("name_km", models.CharField(max_length=300, verbose_name="name in Khmer")),
                ("name_en", models.CharField(max_length=300, verbose_name="name in English")),
                (
                    "name_standing",
                    models.CharField(
                        choices=[
                            ("sourced", "from a public source"),
                            ("derived", "worked out from a public source"),
                            ("placeholder", "demo figure, not law"),
                            ("not_stated", "the source does not say"),
                        ],
                        max_length=12,
                        verbose_name="standing of the name",
                    ),
                ),
                (
                    "is_open",
                    models.BooleanField(default=True, verbose_name="open for new requests"),
                ),
                ("sort_order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "sector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="catalogue.sector",
                        verbose_name="sector",
                    ),
                ),
            ],
            options={
                "verbose_name": "service",
                "verbose_name_plural": "services",
                "ordering": ["sort_order", "code"],
            },
        ),
        migrations.CreateModel(
            name="ServiceVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("published", "Published"),
                            ("retired", "Retired"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                (
                    "valid_until",
                    models.DateField(blank=True, null=True, verbose_name="valid until"),
                ),
                (
                    "limit_days",
                    models.PositiveSmallIntegerField(verbose_name="limit in working days"),
                ),
                (
                    "limit_days_min",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="lower bound of the limit"
                    ),
                ),
                (
                    "limit_standing",
                    models.CharField(
                        choices=[
                            ("sourced", "from a public source"),
                            ("derived", "worked out from a public source"),
                            ("placeholder", "demo figure, not law"),
                            ("not_stated", "the source does not say"),
                        ],
                        max_length=12,
                        verbose_name="standing of the limit",
                    ),
                ),
                (
                    "validity_km",
                    models.CharField(blank=True, max_length=100, verbose_name="validity in Khmer"),
                ),
                (
                    "validity_en",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="validity in English"
                    ),
                ),
                (
                    "validity_standing",
                    models.CharField(
                        choices=[
                            ("sourced", "from a public source"),
                            ("derived", "worked out from a public source"),
                            ("placeholder", "demo figure, not law"),
                            ("not_stated", "the source does not say"),
                        ],
                        max_length=12,
                        verbose_name="standing of the validity",
                    ),
                ),
                (
                    "fee_standing",
                    models.CharField(
                        choices=[
                            ("sourced", "from a public source"),
                            ("derived", "worked out from a public source"),
                            ("placeholder", "demo figure, not law"),
                            ("not_stated", "the source does not say"),
                        ],
                        max_length=12,
                        verbose_name="standing of the fee",
                    ),
                ),
                (
                    "refund_rule",
                    models.CharField(
                        choices=[
                            ("keep", "The fee is kept"),
                            ("full", "The fee is paid back"),
                            ("part", "Part of the fee is paid back"),
                        ],
                        default="keep",
                        max_length=4,
                        verbose_name="fee on refusal",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=500, verbose_name="source")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "content_hash",
                    models.CharField(blank=True, max_length=64, verbose_name="hash of the content"),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="catalogue.legalinstrument",
                        verbose_name="legal basis",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="catalogue.service",
                        verbose_name="service",
                    ),
                ),
            ],
            options={
                "verbose_name": "service version",
                "verbose_name_plural": "service versions",
                "ordering": ["service", "number"],
            },
        ),
        migrations.CreateModel(
            name="RequiredDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sort_order", models.PositiveSmallIntegerField(verbose_name="order")),
                ("name_km", models.CharField(max_length=300, verbose_name="name in Khmer")),
                ("name_en", models.CharField(max_length=300, verbose_name="name in English")),
                ("is_mandatory", models.BooleanField(default=True, verbose_name="required")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="catalogue.serviceversion",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "required document",
                "verbose_name_plural": "required documents",
                "ordering": ["version", "sort_order"],
            },
        ),
        migrations.CreateModel(
            name="FeeTier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=80, verbose_name="code")),
                (
                    "label_km",
                    models.CharField(blank=True, max_length=300, verbose_name="label in Khmer"),
                ),
                (
                    "label_en",
                    models.CharField(blank=True, max_length=300, verbose_name="label in English"),
                ),
                (
                    "conditions",
                    models.JSONField(blank=True, default=dict, verbose_name="conditions"),
                ),
                (
                    "ceiling",
                    models.CharField(
                        choices=[("exact", "exact fee"), ("maximum", "maximum fee")],
                        max_length=7,
                        verbose_name="exact or maximum",
                    ),
                ),
                ("amount_riel", models.BigIntegerField(verbose_name="amount in riel")),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("sourced", "from a public source"),
                            ("derived", "worked out from a public source"),
                            ("placeholder", "demo figure, not law"),
                            ("not_stated", "the source does not say"),
                        ],
                        max_length=12,
                        verbose_name="standing",
                    ),
                ),
                ("sort_order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tiers",
                        to="catalogue.feerule",
                        verbose_name="fee rule",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fee_tiers",
                        to="catalogue.serviceversion",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "fee",
                "verbose_name_plural": "fees",
                "ordering": ["rule", "sort_order"],
            },
        ),
        migrations.AddField(
            model_name="feerule",
            name="version",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="fee_rule",
                to="catalogue.serviceversion",
                verbose_name="version",
            ),
        ),
        migrations.CreateModel(
            name="StageTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sort_order", models.PositiveSmallIntegerField(verbose_name="order")),
                ("code", models.SlugField(verbose_name="code")),
                (
                    "actor_role",
                    models.CharField(
                        choices=[
                            ("information_officer", "Information officer"),
                            ("cashier", "Cashier"),
                            ("agent", "Back-office agent"),
                            ("specialist", "Specialist department"),
                            ("chief", "Office chief"),
                            ("signatory", "Signatory"),
                            ("administrator", "Provincial administrator"),
                            ("ombudsman", "Citizens' office"),
                            ("ministry_viewer", "Ministry viewer"),
                            ("ministry_admin", "Ministry administrator"),
                        ],
                        max_length=30,
                        verbose_name="who acts",
                    ),
                ),
                (
                    "limit_minutes",
                    models.PositiveIntegerField(verbose_name="limit in working minutes"),
                ),
                ("name_km", models.CharField(max_length=200, verbose_name="name in Khmer")),
                ("name_en", models.CharField(max_length=200, verbose_name="name in English")),
                (
                    "citizen_km",
                    models.CharField(
                        max_length=400, verbose_name="what the citizen reads, in Khmer"
                    ),
                ),
                (
                    "citizen_en",
                    models.CharField(
                        max_length=400, verbose_name="what the citizen reads, in English"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="catalogue.serviceversion",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "stage",
                "verbose_name_plural": "stages",
                "ordering": ["version", "sort_order"],
            },
        ),
        migrations.CreateModel(
            name="FeeDimensionValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(verbose_name="code")),
                ("label_km", models.CharField(max_length=200, verbose_name="label in Khmer")),
                ("label_en", models.CharField(max_length=200, verbose_name="label in English")),
                ("sort_order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "dimension",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="values",
                        to="catalogue.feedimension",
                        verbose_name="dimension",
                    ),
                ),
            ],
            options={
                "verbose_name": "value of a fee dimension",
                "verbose_name_plural": "values of fee dimensions",
                "ordering": ["dimension", "sort_order"],
                "constraints": [
                    models.UniqueConstraint(fields=("dimension", "code"), name="fee_value_unique")
                ],
            },
        ),
    ]
