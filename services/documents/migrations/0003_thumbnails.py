"""Small pictures of documents."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the table of small pictures."""

    dependencies = [("documents", "0002_documents_stay")]

    operations = [
        migrations.CreateModel(
            name="Thumbnail",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="thumbnail",
                        serialize=False,
                        to="documents.document",
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=100)),
                ("key_sealed", models.BinaryField()),
                (
                    "drawn_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
    ]
