"""What the bank books is recorded once and never lost: its notices, other sums, closed tills."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from owso.audit.models import AuditEntry
from owso.errors import AlreadyDone, Invalid, NotFound
from services.cashier.actions import check_khqr, post_rate, settle_open_item, show_khqr
from services.cashier.models import (
    BankNotice,
    ItemKind,
    KhqrOrder,
    KhqrState,
    OpenItem,
    Payment,
    Receipt,
)
from services.cashier.queries import balance_of
from services.cashier.tills import figures_of, open_items
from services.offices.actors import system_actor
from tenants import clock
from tests.factories import RequestFactory, district_office, staff, unit
from tests.services.cashier.standin_bank import (
    SECRET,
    TOKEN,
    StandInBank,
    deliver,
    signed,
    standin_bank,
)
from tests.services.cashier.test_concurrency import at_once, real
from tests.services.cashier.tills import (
    confirmed,
    count_exactly,
    opened,
    pay,
    pay_by_phone,
    rate_of_today,
    with_account,
)
from tests.services.web.conftest import HOST, Browser
from tests.services.web.live import own_server

__all__ = ["real"]
DOOR = "/bank/khqr"
HEARD, REFUSED = b'{"responseCode": 0}', b'{"responseCode": 1}'


@pytest.fixture
def cashier(province):
    """Who shows the code, at an office with an account."""
    with_account()
    return staff("information_officer", "cashier")


@pytest.fixture
def charge(cashier):
    """A fee of 5,000 riel that is due."""
    return RequestFactory(charged=True).charge


@pytest.fixture
def bank(settings):
    """What the bank has booked; it shares a secret with the offices."""
    settings.KHQR_BANK_URL, settings.KHQR_NOTICE_SECRET = "http://127.0.0.1:9", SECRET
    return StandInBank()


@pytest.fixture
def tell(province):
    """Post a notice to the door."""
    door = Browser(HOST, province)

    def posted(body, headers=None):
        with door._standing():
            answer = door.client.post(
                DOOR, body, content_type="application/json", headers=headers or signed(body)
            )
        return answer.status_code, answer.content

    return posted


# The table


def test_the_database_itself_refuses_a_payment_by_phone_that_no_code_stands_for(charge, cashier):
    order = show_khqr(charge.pk, by=cashier)
    values = {
        "charge": charge,
        "request_id": charge.request_id,
        "office_id": order.office_id,
        "cashier_id": cashier.user_id,
        "method": "khqr",
        "amount_riel": 5_000,
        "currency": "KHR",
        "paid_at": clock.now(),
    }

    def write(number, **changes):
        with transaction.atomic():
            Payment.objects.create(**{**values, **changes}, idempotency_key=number * 32)

    with pytest.raises(DatabaseError, match="code that the bank confirmed"):
        write("1")
    KhqrOrder.objects.filter(pk=order.pk).update(
        state=KhqrState.CONFIRMED, confirmed_at=clock.now(), bank_reference="r"
    )
    with pytest.raises(DatabaseError, match="code that the bank confirmed"):
        write("2", amount_riel=4_000)
    rate_of_today(4_000)
    with pytest.raises(DatabaseError):
        write("3", currency="USD", tendered_cents=125)
    write("4")
    order.refresh_from_db()
    assert order.payment_id == Payment.objects.get().pk
    with pytest.raises(DatabaseError, match="code that the bank confirmed"):
        write("5")


def test_the_database_itself_gives_a_code_no_other_payment(charge, cashier):
    pay(cashier, charge_id=charge.pk)
    order = show_khqr(RequestFactory(charged=True).charge.pk, by=cashier)

    with pytest.raises(DatabaseError, match="the one payment"), transaction.atomic():
        KhqrOrder.objects.filter(pk=order.pk).update(
            state=KhqrState.CONFIRMED,
            confirmed_at=clock.now(),
            bank_reference="r",
            payment=Payment.objects.get(),
        )


# Dollars


def test_a_code_in_dollars_asks_the_fewest_cents_that_cover_the_fee(charge, cashier):
    rate_of_today(4_100)
    order = show_khqr(charge.pk, by=cashier, currency="USD")

    assert (order.amount_cents, order.amount_riel) == (122, 5_000)
    assert "54041.22" in order.payload
    assert "5303840" in order.payload
    confirmed(order)
    payment = Payment.objects.get()
    assert (payment.currency, payment.tendered_cents, payment.amount_riel) == ("USD", 122, 5_000)
    assert (payment.change_riel, payment.rate_id) == (0, order.rate_id)
    assert balance_of(charge.request_id).due_riel == 0


def test_a_code_in_dollars_keeps_its_rate_when_the_bank_is_late(charge, cashier):
    yesterday = clock.now() - timedelta(days=1)
    post_rate(
        clock.local_day(yesterday), 4_100, by=system_actor("tests"), office_id=district_office()
    )
    order = show_khqr(charge.pk, by=cashier, currency="USD", now=yesterday)
    rate_of_today(4_000)

    confirmed(order)

    assert Payment.objects.get().rate.riel_per_dollar == 4_100


def test_without_a_rate_no_code_in_dollars_is_shown(charge, cashier):
    with translation.override("en"):
        with pytest.raises(Invalid) as refused:
            show_khqr(charge.pk, by=cashier, currency="USD")

        assert "post the rate" in str(refused.value.fields["currency"])


def test_another_currency_is_another_code(charge, cashier):
    rate_of_today(4_000)
    first = show_khqr(charge.pk, by=cashier)
    second = show_khqr(charge.pk, by=cashier, currency="USD")

    first.refresh_from_db()
    assert (first.state, second.currency) == (KhqrState.EXPIRED, "USD")
    # Both were scanned: the first that comes pays the fee, the other must go back.
    assert confirmed(first).payment_id
    assert confirmed(second).payment_id is None
    assert OpenItem.objects.get().kind == ItemKind.SURPLUS


# What is left over


@pytest.mark.parametrize(
    "changes", [{"amount": "4999"}, {"currency": "USD"}, {"currency": "840"}, {"amount": "much"}]
)
def test_another_sum_pays_nothing_and_waits_for_the_chief(charge, cashier, changes):
    order = show_khqr(charge.pk, by=cashier)

    assert confirmed(order, **changes).state == KhqrState.OTHER_SUM
    assert confirmed(order, **changes).state == KhqrState.OTHER_SUM

    assert not Payment.objects.exists()
    item = open_items(district_office()).get()
    assert item.kind == ItemKind.OTHER_SUM
    assert item.amount == changes.get("amount", "5000")
    assert confirmed(order, reference="second").payment_id


def test_a_code_paid_twice_gives_the_second_payment_back(charge, cashier):
    order = show_khqr(charge.pk, by=cashier)
    confirmed(order)

    confirmed(order)
    assert not OpenItem.objects.exists()
    confirmed(order, reference="another")

    assert Payment.objects.count() == 1
    assert OpenItem.objects.get().reference == "another"


def test_a_confirmation_after_the_till_closed_is_a_receipt_and_an_open_item(charge, cashier):
    till = opened(cashier)
    order = show_khqr(charge.pk, by=cashier)
    closed = count_exactly(till, cashier)

    confirmed(order)

    receipt = Receipt.objects.get()
    assert receipt.payment.till_session_id is None
    assert balance_of(charge.request_id).due_riel == 0
    assert OpenItem.objects.get().kind == ItemKind.NO_TILL
    assert figures_of(closed).khqr_riel == 0
    pay_by_phone(staff("cashier"), charge_id=RequestFactory(charged=True).charge.pk)
    assert OpenItem.objects.count() == 2


def test_an_open_item_is_settled_once_with_a_word_by_whoever_checks_tills(charge, cashier):
    confirmed(show_khqr(charge.pk, by=cashier), amount="1")
    item, chief = OpenItem.objects.get(), staff("chief")
    for stranger in (cashier, staff("chief", office_id=unit())):
        with pytest.raises(NotFound):
            settle_open_item(item.pk, "បានសងវិញ", by=stranger)
    with pytest.raises(Invalid):
        settle_open_item(item.pk, " ", by=chief)

    settle_open_item(item.pk, "បានសងវិញ", by=chief)

    assert not open_items(district_office()).exists()
    assert AuditEntry.objects.filter(verb="settle_open_item").count() == 1
    with pytest.raises(AlreadyDone):
        settle_open_item(item.pk, "ម្តងទៀត", by=chief)
    items = OpenItem.objects.filter(pk=item.pk)
    for change in (lambda: items.update(note="x"), lambda: items.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# The bank's own notices


def test_a_signed_notice_takes_the_fee_once_however_often_it_comes(charge, cashier, bank, tell):
    order = show_khqr(charge.pk, by=cashier)
    bank.pay(order)
    body = bank.notice(order)

    assert tell(body) == (200, HEARD)
    assert tell(body) == (200, HEARD)
    assert tell(bank.notice(order, "n-2")) == (200, HEARD)

    assert Payment.objects.count() == Receipt.objects.count() == 1
    assert BankNotice.objects.count() == 2
    assert not OpenItem.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        BankNotice.objects.update(amount="1")


def test_every_notice_that_is_not_the_banks_gets_the_same_refusal(
    charge, cashier, bank, tell, settings
):
    order, now = show_khqr(charge.pk, by=cashier), clock.now().timestamp()
    bank.pay(order)
    body = bank.notice(order)
    unknown = bank.notice(order, md5="0" * 32)
    answers = [
        tell(body, {"X-Bank-Timestamp": str(int(now))}),
        tell(body, {**signed(body), "X-Bank-Signature": "ខុស"}),
        tell(body, signed(body, secret="another")),
        tell(body + b" ", signed(body)),
        tell(body, signed(body, at=now - 301)),
        tell(body, signed(body, at=now + 302)),
        tell(unknown),
        *map(tell, (b"[]", b"{", bank.notice(order, ""), bank.notice(order, responseCode=1))),
    ]
    settings.KHQR_NOTICE_SECRET = ""
    answers += [tell(body), tell(body, signed(body, secret=""))]
    settings.KHQR_BANK_URL = ""
    answers.append(tell(body))

    assert set(answers) == {(403, REFUSED)}
    assert not Payment.objects.exists()
    assert not BankNotice.objects.exists()


def test_the_number_of_a_notice_stands_for_one_code(charge, cashier, bank, tell):
    first = show_khqr(charge.pk, by=cashier)
    second = show_khqr(RequestFactory(charged=True).charge.pk, by=cashier)
    bank.pay(first)
    bank.pay(second)

    assert tell(bank.notice(first)) == (200, HEARD)
    assert tell(bank.notice(second)) == (403, REFUSED)
    assert Payment.objects.count() == 1


def test_a_notice_of_another_sum_or_a_failure_is_kept(charge, cashier, bank, tell):
    order = show_khqr(charge.pk, by=cashier)
    bank.pay(order, amount=1.0)
    failed = bank.notice(order, "n-0", responseCode=1, errorCode=3, data=None)

    assert tell(failed) == (200, HEARD)
    assert tell(bank.notice(order)) == (200, HEARD)

    order.refresh_from_db()
    assert order.state == KhqrState.OTHER_SUM
    assert OpenItem.objects.get().amount == "1.0"


def test_notices_over_http_and_questions_at_once_record_one_payment(real, settings):
    """The stand-in bank signs and sends over real HTTP while the page and the sweep ask it."""
    heard = {"KHQR_NOTICE_SECRET": SECRET, "KHQR_BANK_URL": "http://127.0.0.1:9"}
    with standin_bank() as known, own_server(settings.STATIC_ROOT, heard) as port:
        settings.KHQR_BANK_URL, settings.KHQR_BANK_TOKEN = known.url, TOKEN
        with_account()
        cashier = staff("information_officer", "cashier")
        order = show_khqr(RequestFactory(charged=True).charge.pk, by=cashier)
        known.pay(order)
        address = f"http://127.0.0.1:{port}{DOOR}"
        bodies = [known.notice(order, f"n-{number // 2}") for number in range(4)]

        results = at_once(
            real,
            *[
                lambda body=body: deliver(address, body, signed(body), host=f"{HOST}:{port}")
                for body in bodies
            ],
            lambda: check_khqr(order.pk, by=cashier),
            lambda: check_khqr(order.pk, by=cashier),
        )
        forged = deliver(address, bodies[0], signed(bodies[0], secret="x"), host=f"{HOST}:{port}")

    assert results[:4] == [(200, HEARD)] * 4
    assert {each.state for each in results[4:]} == {KhqrState.CONFIRMED}
    assert forged == (403, REFUSED)
    assert Payment.objects.count() == Receipt.objects.count() == 1
    assert BankNotice.objects.count() == 2
    assert not OpenItem.objects.exists()
