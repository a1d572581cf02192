"""The ladder a province begins with; its administrator changes it."""

from django.db import migrations

# Working days from the limit of the stage, and who is told: holders, chief, administrator.
USUAL = {
    -1: (True, False, False),
    0: (True, True, False),
    1: (False, True, False),
    3: (False, False, True),
}


def add_rules(apps, schema_editor):
    rule = apps.get_model("escalation", "EscalationRule")
    rule.objects.bulk_create(
        [
            rule(
                offset_days=days,
                tells_holders=holders,
                tells_chief=chief,
                tells_administrator=administrator,
            )
            for days, (holders, chief, administrator) in USUAL.items()
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("escalation", "0001_initial")]

    operations = [migrations.RunPython(add_rules, migrations.RunPython.noop)]
