"""A notice may say that a closed day was taken back: the day itself is no row any more."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("escalation", "0003_indexes_for_the_chiefs_page"),
        ("offices", "0003_what_citizens_see_of_the_days"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="office",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="offices.office",
            ),
        ),
        migrations.AddField(model_name="notice", name="day", field=models.DateField(null=True)),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("stage", "A stage and its limit"),
                    ("closure", "A closed day"),
                    ("reopened", "A closed day that was taken back"),
                ],
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint(model_name="notice", name="notice_has_its_matter"),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=Q(kind="stage", escalation__isnull=False, closure__isnull=True)
                | Q(kind="closure", escalation__isnull=True, closure__isnull=False)
                | Q(
                    kind="reopened",
                    escalation__isnull=True,
                    closure__isnull=True,
                    office__isnull=False,
                    day__isnull=False,
                ),
                name="notice_has_its_matter",
            ),
        ),
    ]
