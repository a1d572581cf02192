"""Documents can be withdrawn by the disposal too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0003_thumbnails"),
    ]

    operations = [
        migrations.AlterField(
            model_name="document",
            name="withdrawal_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("wrong_request", "It belongs to another request"),
                    ("unreadable", "It cannot be read"),
                    ("replaced", "A better one was attached"),
                    ("not_needed", "It is not needed for this service"),
                    ("disposed", "The law lets it be kept no longer"),
                ],
                max_length=20,
            ),
        ),
    ]
