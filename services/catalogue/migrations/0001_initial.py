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
                    ),
                ),
                ("unit_km", models.CharField(max_length=100)),
                ("unit_en", models.CharField(max_length=100)),
                (
                    "quantity_max",
                    models.PositiveIntegerField(default=1),
                ),
                ("note", models.TextField(blank=True)),
            ],
            options={
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
                ("code", models.SlugField(unique=True)),
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
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=60)),
                ("title_km", models.CharField(max_length=300)),
                ("title_en", models.CharField(max_length=300)),
                ("issued_on", models.DateField(blank=True, null=True)),
                ("source", models.CharField(blank=True, max_length=300)),
            ],
            options={
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
                ("code", models.SlugField(unique=True)),
                ("name_km", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("sort_order", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
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
                ("code", models.SlugField()),
                ("name_km", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("sort_order", models.PositiveSmallIntegerField(default=0)),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dimensions",
                        to="catalogue.feerule",
                    ),
                ),
            ],
            options={
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
                ("code", models.CharField(max_length=20, unique=True)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "Capital or province"),
                            ("district", "District, khan or town"),
                            ("commune", "Commune or sangkat"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name_km", models.CharField(max_length=300)),
                ("name_en", models.CharField(max_length=300)),
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
                    ),
                ),
                (
                    "is_open",
                    models.BooleanField(default=True),
                ),
                ("sort_order", models.PositiveSmallIntegerField(default=0)),
                (
                    "sector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="catalogue.sector",
                    ),
                ),
            ],
            options={
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
                ("number", models.PositiveSmallIntegerField()),
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
                    ),
                ),
                ("valid_from", models.DateField()),
                (
                    "valid_until",
                    models.DateField(blank=True, null=True),
                ),
                (
                    "limit_days",
                    models.PositiveSmallIntegerField(),
                ),
                (
                    "limit_days_min",
                    models.PositiveSmallIntegerField(blank=True, null=True),
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
                    ),
                ),
                (
                    "validity_km",
                    models.CharField(blank=True, max_length=100),
                ),
                (
                    "validity_en",
                    models.CharField(blank=True, max_length=100),
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
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=500)),
                ("note", models.TextField(blank=True)),
                (
                    "content_hash",
                    models.CharField(blank=True, max_length=64),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="catalogue.legalinstrument",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="catalogue.service",
                    ),
                ),
            ],
            options={
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
                ("sort_order", models.PositiveSmallIntegerField()),
                ("name_km", models.CharField(max_length=300)),
                ("name_en", models.CharField(max_length=300)),
                ("is_mandatory", models.BooleanField(default=True)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="catalogue.serviceversion",
                    ),
                ),
            ],
            options={
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
                ("code", models.SlugField(max_length=80)),
                (
                    "label_km",
                    models.CharField(blank=True, max_length=300),
                ),
                (
                    "label_en",
                    models.CharField(blank=True, max_length=300),
                ),
                (
                    "conditions",
                    models.JSONField(blank=True, default=dict),
                ),
                (
                    "ceiling",
                    models.CharField(
                        choices=[("exact", "exact fee"), ("maximum", "maximum fee")],
                        max_length=7,
                    ),
                ),
                ("amount_riel", models.BigIntegerField()),
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
                    ),
                ),
                ("sort_order", models.PositiveSmallIntegerField(default=0)),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tiers",
                        to="catalogue.feerule",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fee_tiers",
                        to="catalogue.serviceversion",
                    ),
                ),
            ],
            options={
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
                ("sort_order", models.PositiveSmallIntegerField()),
                ("code", models.SlugField()),
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
                    ),
                ),
                (
                    "limit_minutes",
                    models.PositiveIntegerField(),
                ),
                ("name_km", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                (
                    "citizen_km",
                    models.CharField(max_length=400),
                ),
                (
                    "citizen_en",
                    models.CharField(max_length=400),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="catalogue.serviceversion",
                    ),
                ),
            ],
            options={
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
                ("code", models.SlugField()),
                ("label_km", models.CharField(max_length=200)),
                ("label_en", models.CharField(max_length=200)),
                ("sort_order", models.PositiveSmallIntegerField(default=0)),
                (
                    "dimension",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="values",
                        to="catalogue.feedimension",
                    ),
                ),
            ],
            options={
                "ordering": ["dimension", "sort_order"],
                "constraints": [
                    models.UniqueConstraint(fields=("dimension", "code"), name="fee_value_unique")
                ],
            },
        ),
    ]
