"""KHQR: what a code says, and a payment recorded once, when the bank confirms it, however late."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from owso.errors import AlreadyDone, Conflict, Invalid, NotAllowed, NotFound, Unavailable
from services.cashier.actions import (
    check_khqr,
    set_khqr_account,
    show_khqr,
)
from services.cashier.khqr import Merchant, checksum, md5_of, payload
from services.cashier.models import KhqrOrder, KhqrState, OfficeMoney, Payment, Receipt
from services.cashier.tasks import ask_bank, ask_banks
from services.cashier.tenders import Tender
from services.cashier.tills import figures_of
from services.offices.actors import system_actor
from services.offices.models import StaffRole
from services.requests.actions import withdraw_request
from tenants import clock
from tests.factories import RequestFactory, district_office, staff, unit
from tests.services.cashier.standin_bank import TOKEN, standin_bank
from tests.services.cashier.test_concurrency import at_once, real
from tests.services.cashier.tills import opened, pay, with_account

__all__ = ["real"]
SYSTEM = system_actor("tests")
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TILL = Merchant("owso@bank", "OWSO MONGKOL BOREY", "Banteay Meanchey")


def fields_of(text):
    """The fields of a code, in their order."""
    found = {}
    while text:
        tag, length = text[:2], int(text[2:4])
        found[tag], text = text[4 : 4 + length], text[4 + length :]
    return found


def code(merchant=TILL, amount=5_000, **options):
    options = {"bill_number": "0102-7", "created_at": AT, "expires_at": AT, **options}
    return payload(merchant, amount=amount, **options)


def test_a_code_in_riel_says_who_is_paid_what_for_which_bill():
    fields = fields_of(code())

    assert (fields["00"], fields["01"], fields["58"]) == ("01", "12", "KH")
    assert (fields["53"], fields["54"]) == ("116", "5000")
    assert fields_of(fields["29"])["00"] == "owso@bank"
    assert fields_of(fields["62"])["01"] == "0102-7"
    assert (fields["59"], fields["60"]) == ("OWSO MONGKOL BOREY", "Banteay Meanche")
    assert fields_of(fields["99"])["00"] == str(int(AT.timestamp() * 1000))


def test_a_merchant_with_a_number_is_under_its_own_tag_and_dollars_have_cents():
    fields = fields_of(
        code(Merchant("owso@bank", "OWSO", "Pailin", "123456", "Bank"), 1_250, currency="USD")
    )

    assert "29" not in fields
    assert fields_of(fields["30"]) == {"00": "owso@bank", "01": "123456", "02": "Bank"}
    assert (fields["53"], fields["54"]) == ("840", "12.50")


def test_the_checksum_is_the_one_of_the_standard():
    # The check value of CRC-16/CCITT-FALSE.
    assert checksum("123456789") == "29B1"


@given(st.integers(1, 10**12), st.text("ABCDEFGHIJ 0123456789", min_size=1, max_size=60))
def test_every_code_can_be_read_back_and_closes_with_its_checksum(amount, name):
    text = code(Merchant("a@b", name, "Pailin"), amount)

    assert fields_of(text)["54"] == str(amount)
    assert text[-4:] == checksum(text[:-4])
    assert len(md5_of(text)) == 32


@pytest.fixture
def bank(settings):
    """The bank of this installation, on this machine."""
    with standin_bank() as known:
        settings.KHQR_BANK_URL, settings.KHQR_BANK_TOKEN = known.url, TOKEN
        yield known


@pytest.fixture
def cashier(province):
    """Who shows the code, at an office with an account."""
    with_account()
    return staff("information_officer", "cashier")


@pytest.fixture
def charge(cashier):
    """A fee of 5,000 riel that is due."""
    return RequestFactory(charged=True).charge


def test_a_payment_is_recorded_when_the_bank_confirms_it(charge, cashier, bank):
    till = opened(cashier)
    order = show_khqr(charge.pk, by=cashier)
    assert check_khqr(order.pk, by=cashier).state == KhqrState.WAITING
    assert not Payment.objects.exists()

    bank.pay(order)
    confirmed = check_khqr(order.pk, by=cashier)

    payment = Payment.objects.get()
    assert (confirmed.state, confirmed.payment_id) == (KhqrState.CONFIRMED, payment.pk)
    assert (payment.method, payment.amount_riel, payment.till_session_id) == (
        "khqr",
        5_000,
        till.pk,
    )
    assert figures_of(till).khqr_riel == 5_000
    assert Receipt.objects.filter(payment=payment).exists()


def test_asking_again_records_nothing_twice_and_asks_the_bank_no_more(charge, cashier, bank):
    order = show_khqr(charge.pk, by=cashier)
    bank.pay(order)
    first = check_khqr(order.pk, by=cashier)
    asked = len(bank.asked)

    assert check_khqr(order.pk, by=cashier).payment_id == first.payment_id
    assert (Payment.objects.count(), len(bank.asked)) == (1, asked)


def test_one_code_is_valid_at_a_time(charge, cashier, bank):
    first = show_khqr(charge.pk, by=cashier)
    assert show_khqr(charge.pk, by=cashier).pk == first.pk

    second = show_khqr(charge.pk, by=cashier, now=clock.now() + timedelta(minutes=4))
    assert second.pk == first.pk


def test_a_new_code_follows_one_that_expired(charge, cashier, bank):
    first = show_khqr(charge.pk, by=cashier, now=clock.now() - timedelta(minutes=11))

    second = show_khqr(charge.pk, by=cashier)

    first.refresh_from_db()
    assert (first.state, second.state) == (KhqrState.EXPIRED, KhqrState.WAITING)
    assert first.md5 != second.md5


@pytest.mark.parametrize("before", [KhqrState.EXPIRED, KhqrState.FAILED])
def test_a_late_confirmation_is_still_recorded(charge, cashier, bank, before):
    order = show_khqr(charge.pk, by=cashier, now=clock.now() - timedelta(minutes=20))
    if before == KhqrState.FAILED:
        bank.failed.add(order.md5)
    assert check_khqr(order.pk, by=cashier).state == before

    bank.pay(order)

    assert check_khqr(order.pk, by=cashier).state == KhqrState.CONFIRMED
    assert Payment.objects.count() == 1


def test_money_for_a_fee_that_was_paid_otherwise_must_go_back(charge, cashier, bank):
    order = show_khqr(charge.pk, by=cashier)
    pay(cashier, charge_id=charge.pk)
    bank.pay(order)

    confirmed = check_khqr(order.pk, by=cashier)

    assert (confirmed.state, confirmed.payment_id) == (KhqrState.CONFIRMED, None)
    assert Payment.objects.count() == 1


def test_money_for_a_request_that_ended_must_go_back(charge, cashier, bank):
    order = show_khqr(charge.pk, by=cashier)
    withdraw_request(charge.request_id, by=SYSTEM, reason="")
    bank.pay(order)

    confirmed = check_khqr(order.pk, by=cashier)

    assert (confirmed.state, confirmed.payment_id) == (KhqrState.CONFIRMED, None)


@pytest.mark.parametrize(
    "trouble",
    [{"status": 500}, {"status": 401}, {"body": b"<html>"}, {"url": "http://127.0.0.1:9"}],
)
def test_a_bank_that_does_not_answer_concludes_nothing(charge, cashier, bank, settings, trouble):
    order = show_khqr(charge.pk, by=cashier)
    settings.KHQR_BANK_URL = trouble.get("url", bank.url)
    bank.status, bank.body = trouble.get("status", 200), trouble.get("body")

    with pytest.raises(Unavailable):
        check_khqr(order.pk, by=cashier)
    order.refresh_from_db()
    assert order.state == KhqrState.WAITING


@pytest.mark.parametrize("body", [b"[]", b'{"responseCode": 0}', b'{"responseCode": 0, "data": 7}'])
def test_an_answer_that_says_nothing_concludes_nothing(charge, cashier, bank, body):
    order = show_khqr(charge.pk, by=cashier)
    bank.body = body

    assert check_khqr(order.pk, by=cashier).state == KhqrState.WAITING


def test_without_a_bank_nothing_is_confirmed(charge, cashier):
    order = show_khqr(charge.pk, by=cashier)

    with pytest.raises(Unavailable) as refused:
        check_khqr(order.pk, by=cashier)
    assert refused.value.code == "bank_unset"


def test_where_an_account_is_set_no_payment_by_phone_is_typed_in(charge, cashier):
    with pytest.raises(Conflict) as refused:
        pay(cashier, Tender(method="khqr"), charge_id=charge.pk)

    assert refused.value.code == "khqr_unconfirmed"


def test_an_office_without_an_account_shows_no_code(province):
    charge = RequestFactory(charged=True).charge
    with pytest.raises(Conflict) as refused:
        show_khqr(charge.pk, by=staff("cashier"))
    assert refused.value.code == "no_khqr_account"


def test_nothing_is_shown_for_a_paid_fee_or_an_unknown_one(charge, cashier):
    pay(cashier, charge_id=charge.pk)
    with pytest.raises(AlreadyDone):
        show_khqr(charge.pk, by=cashier)
    with pytest.raises(NotFound):
        show_khqr(10**9, by=cashier)


def test_a_code_of_another_office_is_not_there(charge, cashier, bank):
    order = show_khqr(charge.pk, by=cashier)

    for stranger in (staff("cashier", office_id=unit()), staff("information_officer")):
        with pytest.raises(NotFound):
            check_khqr(order.pk, by=stranger)


def test_the_sweep_records_what_nobody_waits_for(charge, cashier, bank):
    order = show_khqr(charge.pk, by=cashier, now=clock.now() - timedelta(hours=2))
    bank.pay(order)

    assert ask_bank() == 1
    assert ask_bank() == 0
    assert Payment.objects.get().cashier_id == cashier.user_id


def test_money_of_a_cashier_who_left_is_taken_by_the_system(charge, bank):
    leaving = staff("cashier")
    order = show_khqr(charge.pk, by=leaving)
    StaffRole.objects.filter(user_id=leaving.user_id).delete()
    bank.pay(order)

    assert ask_bank() == 1
    assert Payment.objects.get().cashier_id is None


def test_the_sweep_of_all_provinces_does_nothing_without_a_bank(settings):
    settings.KHQR_BANK_URL = ""
    ask_banks()


@pytest.mark.parametrize(
    ("account", "name", "wrong"),
    [
        ("owso", "OWSO", "khqr_account"),
        ("អូ@bank", "OWSO", "khqr_account"),
        ("a@b", "", "khqr_name"),
    ],
)
def test_an_account_that_no_phone_can_read_is_refused(province, account, name, wrong):
    with pytest.raises(Invalid) as refused:
        set_khqr_account(
            district_office(),
            account=account,
            name=name,
            merchant_id="",
            bank_name="",
            by=staff("administrator"),
        )

    assert wrong in refused.value.fields


def test_only_an_administrator_sets_the_account(province):
    with pytest.raises(NotAllowed):
        set_khqr_account(
            district_office(), account="", name="", merchant_id="", bank_name="", by=staff("chief")
        )


def test_the_database_itself_keeps_a_confirmed_code(charge, cashier, bank):
    order = show_khqr(charge.pk, by=cashier)
    bank.pay(order)
    check_khqr(order.pk, by=cashier)
    orders = KhqrOrder.objects.filter(pk=order.pk)
    for change in (
        lambda: orders.update(state=KhqrState.FAILED),
        lambda: orders.update(payment=None),
        lambda: orders.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_page_the_sweep_and_a_second_page_at_once_record_one_payment(real, settings):
    with standin_bank() as known:
        settings.KHQR_BANK_URL, settings.KHQR_BANK_TOKEN = known.url, TOKEN
        with_account()
        cashier = staff("information_officer", "cashier")
        order = show_khqr(RequestFactory(charged=True).charge.pk, by=cashier)
        known.pay(order)

        results = at_once(real, *[lambda: check_khqr(order.pk, by=cashier) for _ in range(4)])

    assert {each.state for each in results} == {KhqrState.CONFIRMED}
    assert len({each.payment_id for each in results}) == 1
    assert Payment.objects.count() == Receipt.objects.count() == 1


def test_cash_and_a_confirmation_at_once_take_the_fee_once(real, settings):
    with standin_bank() as known:
        settings.KHQR_BANK_URL, settings.KHQR_BANK_TOKEN = known.url, TOKEN
        with_account()
        cashier = staff("information_officer", "cashier")
        charge = RequestFactory(charged=True).charge
        order = show_khqr(charge.pk, by=cashier)
        known.pay(order)

        at_once(
            real,
            lambda: check_khqr(order.pk, by=cashier),
            lambda: pay(cashier, charge_id=charge.pk),
        )

    assert Payment.objects.count() == 1
    order.refresh_from_db()
    assert order.state == KhqrState.CONFIRMED
    is_by_phone = Payment.objects.get().method == "khqr"
    assert (order.payment_id is not None) == is_by_phone


def test_an_account_can_be_taken_away_again(cashier):
    set_khqr_account(
        district_office(),
        account="",
        name="",
        merchant_id="",
        bank_name="",
        by=staff("administrator"),
    )

    assert OfficeMoney.objects.get(office_id=district_office()).khqr_account == ""
