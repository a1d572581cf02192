"""Whatever could hold personal data has a rule; the models say what exists, not a list."""

from django.apps import apps
from django.db import models

from services.privacy.register import HOLDINGS, PLAIN
from services.retention.rules import RULES, Ending
from tests.services.privacy.conftest import tenant_models

WRITTEN = (
    models.TextField, models.CharField, models.BinaryField, models.JSONField, models.FileField,
    models.GenericIPAddressField,
)  # fmt: skip
"""Types that take what a person wrote, or hide it."""
TELLING = ("name", "birth", "phone", "address", "email", "sex", "gender", "chat", "latitude")
"""Parts of a name that speak of a person whatever the type."""


def can_be_personal(field):
    if any(word in field.name for word in TELLING):
        return True
    return isinstance(field, WRITTEN) and not field.choices


def suspicious():
    """Every field of a province's schema that could hold something about a person."""
    return {
        f"{model._meta.label_lower}.{field.name}"
        for model in tenant_models()
        for field in model._meta.local_concrete_fields
        if can_be_personal(field)
    }


def declared(name):
    model, _dot, field = name.rpartition(".")
    if model in PLAIN or name in PLAIN:
        return True
    mine = [each for each in HOLDINGS if each.model == model]
    return any(each.is_removed or field in each.blanks for each in mine)


def test_every_field_that_could_hold_personal_data_has_a_rule():
    """A new one: add it to services/privacy/register.py, with what becomes of it and when."""
    assert sorted(name for name in suspicious() if not declared(name)) == []


def test_a_new_table_without_a_rule_is_found():
    class Stranger(models.Model):
        mothers_tongue = models.CharField(max_length=3, choices=[("km", "km")])
        remark = models.TextField()
        birthday = models.DateField()

        class Meta:
            app_label = "requests"
            managed = False

    try:
        new = {name for name in suspicious() if not declared(name)}
        assert new == {"requests.stranger.remark", "requests.stranger.birthday"}
    finally:
        del apps.all_models["requests"]["stranger"]
        apps.clear_cache()


def test_the_register_names_only_what_exists():
    for holding in HOLDINGS:
        model = apps.get_model(holding.model)
        assert {*holding.blanks} <= {field.name for field in model._meta.local_concrete_fields}
    for name in PLAIN:
        label, table, *field = name.split(".")
        found = apps.get_model(label, table)
        assert not field or found._meta.get_field(*field)


def test_every_kind_that_is_disposed_of_lies_somewhere_and_has_a_lawful_period():
    for rule in RULES.values():
        lies = {each.kind for each in HOLDINGS}
        if rule.ending == Ending.DISPOSED:
            assert rule.kind in lies
            assert rule.usual_days >= rule.minimum_days > 0
        else:
            assert rule.usual_days is None
