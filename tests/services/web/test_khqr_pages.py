"""KHQR on the pages: shown, asked about, recorded when the bank says so, printed."""

import pytest

from services.cashier.models import KhqrOrder, KhqrState, OfficeMoney, OpenItem, Payment
from services.requests.codes import format_code
from tests.factories import RequestFactory, district_office, staff, unit
from tests.services.cashier.standin_bank import TOKEN, standin_bank
from tests.services.cashier.tills import pay, with_account
from tests.services.web.conftest import text_of

HTMX = {"HX-Request": "true"}


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
def path(cashier):
    """The page of a request whose fee is due."""
    return f"/requests/{format_code(RequestFactory(charged=True).tracking_code)}"


def test_the_code_is_shown_polled_and_the_payment_recorded(sign_in, cashier, bank, path):
    desk = sign_in(cashier)
    assert "Show the KHQR" in text_of(desk.get(path))
    shown = desk.post(f"{path}/khqr")
    order = KhqrOrder.objects.get()
    assert shown.headers["Location"] == f"/khqr/{order.pk}"
    page = text_of(desk.get(f"/khqr/{order.pk}"))
    assert "data:image/svg+xml" in page
    assert "5,000 ៛" in page
    assert "every 3s" in page
    part = text_of(desk.post(f"/khqr/{order.pk}/check", **HTMX))
    assert "Waits for the bank" in part
    assert "<html" not in part
    assert not Payment.objects.exists()

    bank.pay(order)
    part = text_of(desk.post(f"/khqr/{order.pk}/check", **HTMX))

    assert "Paid. The receipt can be printed." in part
    assert "every 3s" not in part
    assert Payment.objects.get().method == "khqr"
    assert "Paid. The receipt" in text_of(desk.get(f"/khqr/{order.pk}"))


def test_without_javascript_the_button_asks(sign_in, cashier, bank, path):
    desk = sign_in(cashier)
    desk.post(f"{path}/khqr")
    order = KhqrOrder.objects.get()
    bank.pay(order)
    page = text_of(desk.post(f"/khqr/{order.pk}/check"))
    assert "<html" in page
    assert "Paid. The receipt" in page


def test_a_silent_bank_is_said_and_nothing_recorded(sign_in, cashier, bank, path):
    desk = sign_in(cashier, language="km")
    desk.post(f"{path}/khqr")
    order = KhqrOrder.objects.get()
    bank.status = 500
    page = text_of(desk.post(f"/khqr/{order.pk}/check", **HTMX))
    assert "ធនាគារមិនឆ្លើយតប" in page
    assert KhqrOrder.objects.get().state == KhqrState.WAITING


def test_typing_a_payment_by_phone_in_points_to_the_code(sign_in, cashier, path):
    response = sign_in(cashier).post(f"{path}/pay", {"way": "khqr", "key": "9" * 32})
    assert response.status_code == 422
    assert "Show the KHQR" in text_of(response)
    assert not Payment.objects.exists()


def test_money_that_is_not_needed_stands_on_the_chiefs_list(sign_in, cashier, bank, path):
    desk = sign_in(cashier)
    desk.post(f"{path}/khqr")
    order = KhqrOrder.objects.get()
    pay(cashier, charge_id=order.charge_id)
    bank.pay(order)
    page = text_of(desk.post(f"/khqr/{order.pk}/check", **HTMX))
    assert "Let the bank give it back" in page
    office = sign_in(staff("chief"))
    assert "Not needed for the fee: give it back through the bank" in text_of(office.get("/tills"))
    item = OpenItem.objects.get()
    assert office.post(f"/tills/by-phone/{item.pk}", {"note": " "}).status_code == 422
    assert office.post(f"/tills/by-phone/{item.pk}", {"note": "ធនាគារបានសងវិញ"}).status_code == 302
    assert "to be settled" not in text_of(office.get("/tills"))
    stranger = sign_in(staff("chief", office_id=unit()))
    assert stranger.post(f"/tills/by-phone/{item.pk}", {"note": "x"}).status_code == 404


def test_the_code_is_printed_on_a_roll(sign_in, cashier, path):
    desk = sign_in(cashier)
    desk.post(f"{path}/khqr")
    paper = desk.get(f"/khqr/{KhqrOrder.objects.get().pk}/code.pdf")
    assert paper.content.startswith(b"%PDF")


def test_a_code_of_another_office_is_not_there(sign_in, cashier, path):
    sign_in(cashier).post(f"{path}/khqr")
    number = KhqrOrder.objects.get().pk
    stranger = sign_in(staff("cashier", office_id=unit()))
    assert stranger.get(f"/khqr/{number}").status_code == 404
    assert stranger.get(f"/khqr/{number}/code.pdf").status_code == 404
    assert stranger.post(f"/khqr/{number}/check").status_code == 404
    assert stranger.post(f"{path}/khqr").status_code == 404


def test_an_office_without_an_account_offers_no_code(sign_in, province):
    cashier = staff("information_officer", "cashier")
    request = RequestFactory(charged=True)
    path = f"/requests/{format_code(request.tracking_code)}"
    desk = sign_in(cashier)
    assert "Show the KHQR" not in text_of(desk.get(path))
    assert desk.post(f"{path}/khqr").status_code == 409


def test_the_administrator_sets_the_account(sign_in, province):
    desk = sign_in(staff("administrator"))
    assert desk.get("/khqr/account").status_code == 200
    wrong = desk.post("/khqr/account", {"khqr_account": "owso", "khqr_name": "OWSO"})
    assert wrong.status_code == 422
    assert 'id="id_khqr_account-error"' in text_of(wrong)
    form = {"khqr_account": "owso@bank", "khqr_name": "OWSO"}
    assert desk.post("/khqr/account", form).status_code == 302
    assert "The account is saved" in text_of(desk.get("/khqr/account"))
    assert OfficeMoney.objects.get(office_id=district_office()).khqr_account == "owso@bank"
