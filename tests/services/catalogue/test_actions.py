"""Publishing, retiring, opening and closing."""

from dataclasses import replace
from datetime import date

import pytest

from owso.audit.models import AuditEntry
from owso.errors import AlreadyDone, Invalid, NotFound
from services.catalogue import queries
from services.catalogue.actions import publish_version, retire_version, set_service_open
from services.catalogue.definitions import read_catalogue
from services.catalogue.loading import Loader, load_catalogue
from services.catalogue.models import Service, ServiceVersion
from services.catalogue.queries import offered, published_version, terms

TODAY = date(2026, 11, 23)
MINISTRY = Loader(name="ministry")


def version_id_of(code):
    return ServiceVersion.objects.get(service__code=code).id


def code_of(error, act):
    with pytest.raises(error) as caught:
        act()
    return caught.value.code


def test_a_retired_version_takes_no_request_but_keeps_its_terms(owner):
    version_id = version_id_of("TRA-D-001")
    retire_version(version_id, by=MINISTRY)
    queries.clear_caches()
    assert code_of(Invalid, lambda: published_version("TRA-D-001", on=TODAY)) == "version_retired"
    assert terms(version_id).service_code == "TRA-D-001"


def test_a_version_is_retired_once(owner):
    version_id = version_id_of("TRA-D-001")
    retire_version(version_id, by=MINISTRY)
    code = code_of(AlreadyDone, lambda: retire_version(version_id, by=MINISTRY))
    assert code == "version_not_published"


def test_a_published_version_is_not_published_again(owner):
    version_id = version_id_of("TRA-D-001")
    code = code_of(AlreadyDone, lambda: publish_version(version_id, by=MINISTRY))
    assert code == "version_published"


def test_a_version_without_stages_and_fee_is_not_published(owner):
    draft = ServiceVersion.objects.get(service__code="TRA-D-001")
    draft.id, draft.number, draft.state = None, 2, "draft"
    draft.save(force_insert=True)
    code = code_of(Invalid, lambda: publish_version(draft.id, by=MINISTRY))
    assert code == "version_incomplete"


def test_an_unknown_version_or_service_is_not_found(owner):
    assert code_of(NotFound, lambda: publish_version(0, by=MINISTRY)) == "version_unknown"
    assert code_of(NotFound, lambda: retire_version(0, by=MINISTRY)) == "version_unknown"
    assert code_of(NotFound, lambda: terms(0)) == "version_unknown"
    code = code_of(NotFound, lambda: set_service_open("NO", is_open=False, by=MINISTRY))
    assert code == "service_unknown"


def test_a_closed_service_is_not_offered_until_it_opens_again(owner):
    set_service_open("TRA-D-001", is_open=False, by=MINISTRY)
    queries.clear_caches()
    assert code_of(Invalid, lambda: published_version("TRA-D-001", on=TODAY)) == "service_closed"
    assert "TRA-D-001" not in {terms.service_code for terms in offered("district", TODAY)}
    set_service_open("TRA-D-001", is_open=True, by=MINISTRY)
    assert published_version("TRA-D-001", on=TODAY).service_code == "TRA-D-001"


def test_every_change_leaves_a_line_in_the_audit_trail(owner):
    set_service_open("TRA-D-001", is_open=False, by=MINISTRY)
    retire_version(version_id_of("TRA-D-002"), by=MINISTRY)
    lines = AuditEntry.objects.filter(actor_name="ministry").order_by("id")
    assert [(line.verb, line.changes) for line in lines] == [
        ("set_service_open", {"is_open": [True, False]}),
        ("retire_version", {"state": ["published", "retired"]}),
    ]


def test_an_unknown_service_and_a_day_before_the_catalogue_are_told_apart(db):
    assert code_of(NotFound, lambda: published_version("NO-SUCH", on=TODAY)) == "service_unknown"
    early = date(2009, 12, 31)
    assert code_of(Invalid, lambda: published_version("TRA-D-001", on=early)) == "version_retired"


def test_a_warm_process_asks_nothing(db, django_assert_num_queries):
    version_id = published_version("LAN-D-001", on=TODAY).id
    offered("district", TODAY)
    with django_assert_num_queries(0):
        assert published_version("LAN-D-001", on=TODAY) is terms(version_id)
        assert len(offered("district", TODAY)) == 25


def test_a_list_of_services_is_read_in_few_queries(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        assert len(offered("province", TODAY)) == 51


def test_a_new_service_is_known_at_once_without_a_restart(owner):
    assert code_of(NotFound, lambda: published_version("TRA-D-099", on=TODAY)) == "service_unknown"
    catalogue = read_catalogue()
    newcomer = replace(catalogue.services[0], code="TRA-D-099")
    load_catalogue(replace(catalogue, services=(*catalogue.services, newcomer)), starting=TODAY)
    assert published_version("TRA-D-099", on=TODAY).service_code == "TRA-D-099"


def test_a_corrected_name_shows_although_terms_are_kept(owner):
    kept = published_version("TRA-D-001", on=TODAY)
    Service.objects.filter(code="TRA-D-001").update(name_en="Motorcycle registration")
    queries._in_force.clear()
    assert published_version("TRA-D-001", on=TODAY).name_en == "Motorcycle registration"
    assert terms(kept.id).name_en == "Motorcycle registration"


def test_the_terms_of_a_draft_are_not_kept(owner):
    draft = ServiceVersion.objects.get(service__code="TRA-D-001")
    rule = draft.fee_rule
    draft.id, draft.number, draft.state = None, 2, "draft"
    draft.save(force_insert=True)
    rule.id, rule.version = None, draft
    rule.save(force_insert=True)
    before = terms(draft.id).limit_days
    ServiceVersion.objects.filter(id=draft.id).update(limit_days=before + 5)
    assert terms(draft.id).limit_days == before + 5
