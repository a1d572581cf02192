"""Drafts: kept as one types, one's own, never a second request."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from owso.accounts.permissions import Role
from owso.audit.models import AuditEntry
from owso.errors import NotAllowed, NotFound
from services.cashier.tenders import Tender
from services.desk.actions import discard_draft, register_at_desk, save_draft
from services.desk.actions.drafts import KEPT_EACH, KEPT_FOR, drop_expired
from services.desk.models import Draft
from services.desk.queries import draft_content, drafts_of, registered_under
from services.desk.tasks import drop_expired_drafts
from tenants import clock
from tests.conftest import entered
from tests.factories import IntakeFactory, RequestFactory, district_office, staff, unit

pytestmark = pytest.mark.usefixtures("province")
TYPED = {"full_name": ["សុខ ចាន់ណា"], "phone": ["012 345 678"], "papers": ["1", "2"]}


def officer(**kwargs):
    return staff(Role.INFORMATION_OFFICER, Role.CASHIER, **kwargs)


def kept(by, key=None, **kwargs):
    return save_draft(key or uuid4(), TYPED, by=by, office_id=district_office(), **kwargs)


def test_what_was_typed_comes_back_as_it_was():
    by = officer()
    draft = kept(by, service_code="TOU-D-002")
    assert draft_content(by, draft.key, office_id=district_office()) == TYPED
    (line,) = drafts_of(by, office_id=district_office())
    assert (line.key, line.service_code, line.applicant) == (draft.key, "TOU-D-002", "សុ… ចា…")


def test_nothing_of_a_person_is_readable_in_the_table():
    draft = kept(officer())
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(d)::text FROM desk_draft d")
        (row,) = cursor.fetchone()
    sealed = bytes(draft.content_sealed)
    for word in ("ចាន់ណា", "345 678", "full_name"):
        assert word not in row
        assert word.encode() not in sealed


def test_saving_again_replaces_and_lengthens():
    by, key = officer(), uuid4()
    early = clock.now() - timedelta(hours=5)
    kept(by, key, now=early)
    save_draft(key, {"full_name": ["កែវ"]}, by=by, office_id=district_office())
    draft = Draft.objects.get()
    assert draft.started_at == early
    assert draft.expires_at > early + KEPT_FOR
    assert draft_content(by, key, office_id=district_office()) == {"full_name": ["កែវ"]}


def test_a_saving_that_was_overtaken_does_not_turn_time_back():
    by, key = officer(), uuid4()
    later = clock.now()
    kept(by, key, now=later)
    kept(by, key, now=later - timedelta(seconds=3))
    assert Draft.objects.get().saved_at == later


@pytest.mark.parametrize("who", ["another person", "another office"])
def test_a_draft_belongs_to_one_person_at_one_office(who):
    by = officer()
    draft = kept(by)
    other = officer() if who == "another person" else by
    office_id = district_office() if who == "another person" else district_office(1)
    assert drafts_of(other, office_id=office_id) == ()
    with pytest.raises(NotFound):
        draft_content(other, draft.key, office_id=office_id)
    with pytest.raises(NotFound):
        discard_draft(draft.key, by=other, office_id=office_id)
    assert Draft.objects.count() == 1


def test_the_key_of_somebody_else_saves_nothing():
    draft = kept(officer())
    with pytest.raises(NotFound):
        save_draft(draft.key, {"full_name": ["x"]}, by=officer(), office_id=district_office())


def test_a_role_that_does_not_register_keeps_no_drafts():
    with pytest.raises(NotAllowed):
        kept(staff(Role.CASHIER))
    with pytest.raises(NotAllowed):
        save_draft(uuid4(), TYPED, by=officer(), office_id=unit())


def test_registering_ends_the_draft_in_the_same_step():
    by, intake = officer(), IntakeFactory()
    kept(by, intake.idempotency_key)
    register_at_desk(intake, Tender(), by=by, now=clock.now())
    assert not Draft.objects.exists()


def test_a_saving_that_comes_after_the_registration_brings_nothing_back():
    by, intake = officer(), IntakeFactory()
    request = register_at_desk(intake, Tender(), by=by).request
    assert kept(by, intake.idempotency_key) is None
    assert drafts_of(by, office_id=district_office()) == ()
    assert registered_under(by, intake.idempotency_key) == request


def test_a_draft_of_a_registered_form_is_not_listed():
    by, intake = officer(), IntakeFactory()
    kept(by, intake.idempotency_key)
    RequestFactory(intake=intake)
    assert drafts_of(by, office_id=district_office()) == ()


def test_drafts_expire_after_three_days_and_not_before():
    by = officer()
    now = clock.now()
    kept(by, now=now - KEPT_FOR + timedelta(seconds=30))
    gone = kept(by, now=now - KEPT_FOR)
    assert len(drafts_of(by, office_id=district_office())) == 1
    with pytest.raises(NotFound):
        draft_content(by, gone.key, office_id=district_office())
    assert drop_expired(now) == 1
    assert Draft.objects.count() == 1


def test_the_job_drops_expired_drafts_in_every_province():
    kept(officer(), now=clock.now() - KEPT_FOR)
    drop_expired_drafts()
    with entered("01"):
        assert not Draft.objects.exists()


def test_only_the_newest_twenty_of_a_person_stay():
    by, now = officer(), clock.now()
    for number in range(KEPT_EACH + 2):
        kept(by, now=now - timedelta(minutes=KEPT_EACH + 2 - number))
    assert Draft.objects.count() == KEPT_EACH
    assert min(Draft.objects.values_list("saved_at", flat=True)) == now - timedelta(
        minutes=KEPT_EACH
    )


def test_the_trail_has_the_beginning_and_the_end_and_nothing_personal():
    by, key = officer(), uuid4()
    kept(by, key)
    kept(by, key)
    discard_draft(key, by=by, office_id=district_office())
    entries = AuditEntry.objects.filter(object_type="draft").order_by("id")
    assert [entry.verb for entry in entries] == ["start_draft", "discard_draft"]
    assert all(entry.changes == {} for entry in entries)


def test_listing_drafts_is_one_query(django_assert_num_queries):
    by = officer()
    for _ in range(3):
        kept(by)
    with django_assert_num_queries(1):
        assert len(drafts_of(by, office_id=district_office())) == 3
