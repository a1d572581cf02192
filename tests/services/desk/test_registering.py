"""Registering at the desk: consent, an earlier applicant, a representative, all or nothing."""

import hashlib
import threading
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from owso.accounts.permissions import Role
from owso.errors import Conflict, Invalid
from services.cashier.models import Payment, Receipt
from services.cashier.tenders import Tender
from services.catalogue.queries import offered
from services.desk import consents
from services.desk.actions import register_at_desk
from services.desk.bulk import bulk_prices
from services.desk.models import Draft, NoticeConsent, Printing
from services.offices.actors import Actor
from services.requests.intake import RepresentationDetails
from services.requests.models import Applicant, Representation, ServiceRequest
from services.requests.states import State
from tenants import clock
from tests.conftest import entered
from tests.factories import (
    ApplicantDetailsFactory,
    IntakeFactory,
    RequestFactory,
    district_office,
    staff,
    unit,
)

ACTING = RepresentationDetails(
    name="កែវ មុន្នី", authority_kind="family", phone="017 222 333", receives_notices=True
)


@pytest.fixture
def officer(province) -> Actor:
    return staff(Role.INFORMATION_OFFICER, Role.CASHIER)


def test_consent_is_kept_with_the_version_of_its_text(officer):
    made = register_at_desk(IntakeFactory(), Tender(), by=officer, wants_notices=True)
    given = NoticeConsent.objects.get(request=made.request)
    assert given.text_version == consents.TEXT_VERSION
    assert (given.recipient, given.recorded_by_id) == ("applicant", officer.user_id)


def test_without_a_tick_there_is_no_consent(officer):
    register_at_desk(IntakeFactory(), Tender(), by=officer)
    assert not NoticeConsent.objects.exists()


def test_the_text_and_its_version_change_together():
    with translation.override("en"):
        words = hashlib.sha256(str(consents.TEXT).encode()).hexdigest()[:12]
    assert (consents.TEXT_VERSION, words) == ("2026-1", "0ffa2249809e")


def test_a_representative_who_gets_the_notices_is_the_one_who_agreed(officer):
    intake = IntakeFactory(representation=ACTING, applicant=ApplicantDetailsFactory(phone=""))
    made = register_at_desk(intake, Tender(), by=officer, wants_notices=True)
    assert NoticeConsent.objects.get().recipient == "representative"
    assert Representation.objects.get(request=made.request).receives_notices


@pytest.mark.parametrize("is_known", [False, True])
def test_notices_without_a_phone_are_refused_before_anything_is_written(officer, is_known):
    details = ApplicantDetailsFactory(phone="")
    intake = IntakeFactory(applicant=details)
    if is_known:
        row = RequestFactory(intake=intake).applicant
        intake = IntakeFactory(applicant=None, applicant_id=row.pk)
    before = ServiceRequest.objects.count()
    with pytest.raises(Invalid) as refused:
        register_at_desk(intake, Tender(), by=officer, wants_notices=True)
    assert "wants_notices" in refused.value.fields
    assert ServiceRequest.objects.count() == before


def test_an_earlier_applicant_keeps_one_row(officer):
    row = RequestFactory().applicant
    intake = IntakeFactory(applicant=None, applicant_id=row.pk)
    made = register_at_desk(intake, Tender(), by=officer, wants_notices=True)
    assert made.request.applicant_id == row.pk
    assert Applicant.objects.count() == 1


def test_missing_papers_give_a_code_and_no_payment(officer):
    made = register_at_desk(IntakeFactory(is_complete=False), Tender(), by=officer)
    assert made.request.state == State.INCOMPLETE
    assert made.request.tracking_code
    assert not Payment.objects.exists()


def test_no_tender_leaves_the_fee_to_the_cashier(officer):
    made = register_at_desk(IntakeFactory(), None, by=officer)
    assert made.receipt is None
    assert made.request.charge.amount_riel == 5_000


def test_the_same_form_twice_is_one_request_one_payment_one_consent(officer):
    intake = IntakeFactory()
    first = register_at_desk(intake, Tender(), by=officer, wants_notices=True)
    second = register_at_desk(intake, Tender(), by=officer, wants_notices=True)
    assert first.request == second.request
    assert first.receipt == second.receipt
    assert [kind.objects.count() for kind in (ServiceRequest, Payment, NoticeConsent)] == [1, 1, 1]


def test_another_content_under_the_same_key_is_a_conflict_and_writes_nothing(officer):
    intake = IntakeFactory()
    register_at_desk(intake, Tender(), by=officer)
    other = IntakeFactory(idempotency_key=intake.idempotency_key)
    with pytest.raises(Conflict):
        register_at_desk(other, Tender(), by=officer, wants_notices=True)
    assert not NoticeConsent.objects.exists()


def test_a_refused_registration_leaves_the_draft(officer):
    intake = IntakeFactory()
    now = clock.now()
    Draft.objects.create(
        key=intake.idempotency_key,
        owner_id=officer.user_id,
        office_id=district_office(),
        content_sealed=b"x",
        started_at=now,
        saved_at=now,
        expires_at=now.replace(year=now.year + 1),
    )
    with pytest.raises(Invalid):
        register_at_desk(intake, Tender(riel=1), by=officer)
    assert Draft.objects.count() == 1
    assert not ServiceRequest.objects.exists()


def test_a_double_click_on_two_connections_makes_one_of_everything(committed):
    with entered("01"):
        officer = staff(Role.INFORMATION_OFFICER, Role.CASHIER)
        intake = IntakeFactory()
    gate = threading.Barrier(4)
    made, wrong = [], []

    def press() -> None:
        try:
            with entered("01"):
                gate.wait(10)
                done = register_at_desk(intake, Tender(), by=officer, wants_notices=True)
                made.append((done.request.pk, done.receipt.pk))
        except Exception as error:  # told below, with its kind
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(made) == 4
    assert len(set(made)) == 1
    with entered("01"):
        counts = [kind.objects.count() for kind in (ServiceRequest, Payment, Receipt)]
        assert [*counts, NoticeConsent.objects.count()] == [1, 1, 1, 1]


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_consents_and_prints_stay_as_they_were_recorded(officer, statement):
    made = register_at_desk(IntakeFactory(), Tender(), by=officer, wants_notices=True)
    Printing.objects.create(
        job=uuid4(), request=made.request, sheet="application", number=1, paper="a5",
        printed_at=clock.now(),
    )  # fmt: skip
    for table in ("desk_noticeconsent", "desk_printing"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table))


def test_bulk_prices_name_service_and_price_in_one(province):
    today = clock.today()
    district = [price.code for price in bulk_prices(offered("district", today))]
    assert len(district) == 4
    assert all(code.startswith("LEG-D-") for code in district)
    assert len({price.terms.service_code for price in bulk_prices(offered("province", today))}) == 2
    assert bulk_prices(offered("commune", today)) == ()
    assert unit()
