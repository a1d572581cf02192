"""What the database itself refuses: overlapping versions, changes of what is published."""

from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from services.catalogue.models import (
    FeeDimension,
    FeeDimensionValue,
    FeeRule,
    FeeTier,
    RequiredDocument,
    Service,
    ServiceVersion,
    StageTemplate,
)

PARTS = [FeeRule, FeeDimension, FeeDimensionValue, FeeTier, StageTemplate, RequiredDocument]


def version_of(code, **changes):
    published = ServiceVersion.objects.get(service__code=code)
    draft = ServiceVersion.objects.get(id=published.id)
    draft.id = None
    draft.number, draft.state = 2, "draft"
    for field, value in changes.items():
        setattr(draft, field, value)
    draft.save(force_insert=True)
    return published, draft


def refused(words, act):
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        act()


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 1, 1), None), (date(2000, 1, 1), date(2010, 1, 1)), (date(2009, 1, 1), None)],
)
def test_published_versions_of_a_service_never_overlap(owner, first, last):
    _, draft = version_of("LAN-D-001", valid_from=first, valid_until=last)
    draft.state = "published"
    refused("published_versions_do_not_overlap", draft.save)


def test_versions_that_touch_are_no_overlap(owner):
    _, draft = version_of("LAN-D-001", valid_from=date(2000, 1, 1), valid_until=date(2009, 12, 31))
    draft.state = "published"
    draft.save()
    assert ServiceVersion.objects.filter(service__code="LAN-D-001", state="published").count() == 2


def test_drafts_and_retired_versions_may_overlap(owner):
    published, draft = version_of("LAN-D-001", valid_from=date(2026, 1, 1))
    published.state = "retired"
    published.save()
    draft.state = "published"
    draft.save()
    assert ServiceVersion.objects.filter(service__code="LAN-D-001").count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("limit_days", 99),
        ("valid_from", date(2011, 1, 1)),
        ("fee_standing", "sourced"),
        ("state", "draft"),
        ("number", 7),
    ],
)
def test_a_published_version_is_not_changed(owner, field, value):
    version = ServiceVersion.objects.filter(service__code="LAN-P-001")
    refused("not changed", lambda: version.update(**{field: value}))


def test_a_retired_version_is_not_published_again(owner):
    version = ServiceVersion.objects.filter(service__code="LAN-P-001")
    version.update(state="retired")
    refused("not changed", lambda: version.update(state="published"))


def test_the_end_of_a_published_version_may_be_set(owner):
    version = ServiceVersion.objects.filter(service__code="LAN-P-001")
    assert version.update(valid_until=date(2026, 12, 31)) == 1


def test_a_published_version_is_not_deleted(owner):
    with connection.cursor() as cursor:
        refused("not changed", lambda: cursor.execute("DELETE FROM catalogue_serviceversion"))


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_a_published_version_is_not_changed(owner, part):
    row = part.objects.filter(id=part.objects.first().id)
    column = "code" if part in (FeeDimension, FeeDimensionValue, FeeTier, StageTemplate) else "id"
    same = {column: row.values_list(column, flat=True).get()}
    refused("is published", lambda: row.update(**same))


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_a_published_version_is_not_deleted(owner, part):
    row_id = part.objects.order_by("-id").first().id
    statement = f'DELETE FROM "{part._meta.db_table}" WHERE id = %s'
    with connection.cursor() as cursor:
        refused("is published", lambda: cursor.execute(statement, [row_id]))


def test_nothing_is_added_to_a_published_version(owner):
    rule = FeeRule.objects.get(version__service__code="LAN-D-001")
    dimension = rule.dimensions.first()
    additions = [
        FeeTier(
            rule=rule,
            version_id=rule.version_id,
            code="gift",
            conditions={"gift": "yes"},
            ceiling="exact",
            amount_riel=1,
            standing="sourced",
        ),
        FeeDimension(rule=rule, code="gift", name_km="ក", name_en="a"),
        FeeDimensionValue(dimension=dimension, code="gift", label_km="ក", label_en="a"),
        RequiredDocument(version_id=rule.version_id, sort_order=99, name_km="ក", name_en="a"),
        StageTemplate(
            version_id=rule.version_id,
            sort_order=99,
            code="gift",
            actor_role="agent",
            limit_minutes=15,
        ),
    ]
    for row in additions:
        refused("is published", row.save)


def test_a_stage_is_not_moved_into_a_published_version(owner):
    published, draft = version_of("LAN-P-001")
    stage = StageTemplate.objects.create(
        version=draft, sort_order=99, code="extra", actor_role="agent", limit_minutes=15
    )
    stage.version = published
    refused("is published", stage.save)


def test_a_draft_may_change_and_go(owner):
    _, draft = version_of("LAN-P-001", limit_days=9)
    StageTemplate.objects.create(
        version=draft, sort_order=1, code="check", actor_role="agent", limit_minutes=15
    )
    draft.limit_days = 8
    draft.save()
    with connection.cursor() as cursor:
        for table, column in (("stagetemplate", "version_id"), ("serviceversion", "id")):
            cursor.execute(f"DELETE FROM catalogue_{table} WHERE {column} = %s", [draft.id])
    assert ServiceVersion.objects.filter(service__code="LAN-P-001").count() == 1


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"limit_days": 0}, "version_limit_at_least_one_day"),
        ({"limit_days": 3, "limit_days_min": 5}, "version_limit_range_in_order"),
        ({"valid_until": date(2009, 1, 1)}, "version_ends_after_it_begins"),
        ({"number": 1}, "version_number_unique"),
    ],
)
def test_a_version_that_cannot_be_is_refused(owner, changes, constraint):
    refused(constraint, lambda: version_of("LAN-P-001", **changes))


def draft_rule(code="LAN-P-001", **changes):
    published, draft = version_of(code)
    rule = FeeRule.objects.get(version=published)
    rule.id, rule.version = None, draft
    for field, value in changes.items():
        setattr(rule, field, value)
    rule.save(force_insert=True)
    return rule


def tier_of(rule, **changes):
    fields = {
        "version_id": rule.version_id,
        "code": "base",
        "ceiling": "exact",
        "amount_riel": 1,
        "standing": "sourced",
    }
    return FeeTier(rule=rule, **{**fields, **changes})


def test_a_fee_is_never_negative(owner):
    refused("fee_amount_not_negative", tier_of(draft_rule(), amount_riel=-1).save)


def test_a_quantity_is_at_least_one(owner):
    refused("fee_quantity_at_least_one", lambda: draft_rule(quantity_max=0))


def test_a_case_has_one_fee(owner):
    rule = draft_rule()
    tier_of(rule).save()
    refused("fee_tier_case_unique", tier_of(rule, code="other", amount_riel=2).save)


def test_a_fee_belongs_to_the_version_of_its_rule(owner):
    rule = draft_rule()
    _, other = version_of("LAN-P-002")

    def save():
        tier_of(rule, version_id=other.id).save()
        connection.check_constraints()

    refused("fee_tier_of_the_rules_version", save)


def test_an_office_reads_the_catalogue_but_never_writes_it(province):
    assert Service.objects.count() == 79
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Service.objects.update(is_open=False)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        FeeTier.objects.update(amount_riel=0)
