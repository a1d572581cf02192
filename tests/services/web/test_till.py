"""The pages of tills and deposits: blind for the cashier, everything for the chief."""

from datetime import timedelta

import pytest

from services.cashier.actions import count_till, explain_difference
from services.cashier.models import Deposit, Payment, Reversal, TillSession, TillState
from services.requests.codes import format_code
from tenants import clock
from tests.factories import RequestFactory, staff, unit
from tests.services.cashier.tills import (
    FLOAT_CENTS,
    FLOAT_RIEL,
    count_exactly,
    counter,
    opened,
    pay,
    pieces,
    rate_of_today,
)
from tests.services.web.conftest import text_of

EXACT = {"riel_200000": "១", "riel_5000": "1", "cents_2000": "1"}
EXPECTED = "205,000"


@pytest.fixture
def cashier(province):
    """Who takes money."""
    return staff("information_officer", "cashier")


@pytest.fixture
def chief(province):
    """Who checks tills."""
    return staff("chief")


def test_a_till_is_opened_counted_blind_and_closed(sign_in, cashier):
    desk = sign_in(cashier)
    form = {"counter": counter().pk, "float_riel": "២០០,០០០", "float_cents": "20"}
    assert desk.post("/till/open", form).status_code == 302
    till = TillSession.objects.get()
    assert (till.float_riel, till.float_cents) == (FLOAT_RIEL, FLOAT_CENTS)
    pay(cashier)

    for path in ("/till", "/till/count"):
        page = text_of(desk.get(path))
        assert EXPECTED not in page
        assert "Expected" not in page
    summed = text_of(desk.post("/till/count", {**EXACT, "step": "sum"}))
    assert EXPECTED in summed
    assert TillSession.objects.get().state == TillState.OPEN
    assert desk.post("/till/count", EXACT).status_code == 302

    assert "The count is exact" in text_of(desk.get("/till"))
    assert TillSession.objects.get().z_number == 1


def test_the_sum_alone_is_a_part_of_the_page(sign_in, cashier):
    opened(cashier)
    part = sign_in(cashier).post(
        "/till/count", {"riel_500": "3", "step": "sum"}, **{"HX-Request": "true"}
    )
    assert "1,500 ៛" in text_of(part)
    assert "<html" not in text_of(part)


@pytest.mark.parametrize("typed", ["-1", "1.5", "ច្រើន", "1e9", "99999999999"])
def test_a_number_of_pieces_that_cannot_be_is_said_beside_its_field(sign_in, cashier, typed):
    opened(cashier)
    response = sign_in(cashier).post("/till/count", {"riel_500": typed})
    assert response.status_code == 422
    assert 'id="id_riel_500-error"' in text_of(response)
    assert TillSession.objects.get().state == TillState.OPEN


def test_a_difference_goes_to_the_chief(sign_in, cashier, chief):
    till = opened(cashier)
    desk, office = sign_in(cashier), sign_in(chief)
    desk.post("/till/count", {"riel_100000": "1", "cents_2000": "1"})
    page = text_of(desk.get("/till"))
    assert "-100,000 ៛" in page
    assert desk.post("/till/reason", {"reason": ""}).status_code == 422
    assert desk.post("/till/reason", {"reason": "អាប់ខុស"}).status_code == 302

    page = text_of(office.get(f"/tills/{till.pk}"))
    assert "Approve the difference" in page
    assert "អាប់ខុស" in page
    assert office.post(f"/tills/{till.pk}/decision", {"decision": "approve"}).status_code == 302

    till.refresh_from_db()
    assert (till.state, till.approved_by_id) == (TillState.CLOSED, chief.user_id)


def test_the_chief_may_have_it_counted_again(sign_in, cashier, chief):
    till = opened(cashier)
    count_till(till.pk, pieces(0), by=cashier)
    explain_difference(till.pk, "ខ្វះ", by=cashier)
    sign_in(chief).post(f"/tills/{till.pk}/decision", {"decision": "recount"})

    desk = sign_in(cashier)
    assert "To be counted again" in text_of(desk.get("/till"))
    desk.post("/till/count", {"riel_200000": "1", "cents_2000": "1"})
    assert TillSession.objects.get().state == TillState.CLOSED


def test_a_till_left_overnight_stands_on_the_chiefs_list_and_is_counted_by_force(
    sign_in, cashier, chief
):
    till = opened(cashier, now=clock.now() - timedelta(days=1))
    desk, office = sign_in(cashier), sign_in(chief)
    assert "left open overnight" in text_of(desk.get("/till"))
    request = RequestFactory(charged=True)
    refused = desk.post(
        f"/requests/{format_code(request.tracking_code)}/pay",
        {"way": "cash", "key": "9" * 32, "seen": request.current_visit_id},
    )
    assert refused.status_code == 409
    assert "Count and close it first" in text_of(refused)

    assert "left open overnight" in text_of(office.get("/tills"))
    assert office.get(f"/tills/{till.pk}/count").status_code == 200
    form = {"riel_200000": "1", "cents_2000": "1"}
    assert office.post(f"/tills/{till.pk}/count", form).status_code == 302
    till.refresh_from_db()
    assert (till.state, till.counted_by_id) == (TillState.CLOSED, chief.user_id)


def test_a_difference_counted_by_the_chief_is_approved_by_another(sign_in, cashier, chief):
    till = opened(cashier)
    office = sign_in(chief)
    office.post(f"/tills/{till.pk}/count", {"riel_500": "1"})
    assert office.post(f"/tills/{till.pk}/reason", {"reason": " "}).status_code == 422
    office.post(f"/tills/{till.pk}/reason", {"reason": "បេឡាករអវត្តមាន"})
    assert "A second person must approve" in text_of(office.get(f"/tills/{till.pk}"))
    own = office.post(f"/tills/{till.pk}/decision", {"decision": "approve"})
    assert own.status_code == 403
    other = sign_in(staff("chief"))
    other.post(f"/tills/{till.pk}/decision", {"decision": "approve"})
    till.refresh_from_db()
    assert till.state == TillState.CLOSED


def test_two_cashiers_on_one_till_get_a_clear_message_in_khmer(sign_in, cashier):
    opened(cashier)
    other = sign_in(staff("cashier"), language="km")
    response = other.post("/till/open", {"counter": counter().pk, "float_riel": "0"})
    assert response.status_code == 409
    assert "មានបេឡានៅបញ្ជរនេះ" in text_of(response)


def test_cash_without_a_till_is_refused_in_khmer(sign_in, cashier):
    opened(staff("cashier"))
    request = RequestFactory(charged=True)
    response = sign_in(cashier, language="km").post(
        f"/requests/{format_code(request.tracking_code)}/pay",
        {"way": "cash", "key": "9" * 32, "seen": request.current_visit_id},
    )
    assert response.status_code == 409
    assert "សូមបើកបេឡារបស់អ្នកជាមុនសិន" in text_of(response)


def test_change_is_given_in_dollars_where_the_cashier_says_so(sign_in, cashier):
    opened(cashier)
    rate_of_today(4_000)
    request = RequestFactory(charged=True)
    path = f"/requests/{format_code(request.tracking_code)}/pay"
    form = {"way": "cash", "key": "9" * 32, "dollars": "5", "change_cents": "3"}
    assert sign_in(cashier).post(path, form).status_code == 302
    payment = Payment.objects.get()
    assert (payment.tendered_cents, payment.change_cents, payment.change_riel) == (500, 300, 3_000)


def test_change_in_dollars_of_riel_is_refused_beside_its_field(sign_in, cashier):
    request = RequestFactory(charged=True)
    path = f"/requests/{format_code(request.tracking_code)}/pay"
    form = {"way": "cash", "key": "9" * 32, "tendered": "20000", "change_cents": "3"}
    response = sign_in(cashier).post(path, form)
    assert response.status_code == 422
    assert 'id="pay-change_cents-error"' in text_of(response)


def test_the_chief_chooses_the_till_of_a_reversal_on_the_page(sign_in, cashier, chief):
    opened(cashier)
    other = opened(number=2)
    pay(cashier)
    payment = Payment.objects.get()
    path = f"/requests/{format_code(payment.request.tracking_code)}"
    sign_in(cashier).post(f"{path}/reversal", {"payment": payment.pk, "reason": "wrong_amount"})
    office = sign_in(chief)
    assert "The money comes out of the till of" in text_of(office.get(path))
    asked = payment.reversal_requests.get()
    office.post(f"{path}/reversal/{asked.pk}", {"decision": "approve", "till": other.pk})
    assert Reversal.objects.get().till_session_id == other.pk


@pytest.mark.parametrize("language", ["km", "en"])
@pytest.mark.parametrize("paper", ["", "?paper=80mm", "?paper=letter"])
def test_reports_and_slips_are_printed(sign_in, cashier, chief, language, paper):
    till = opened(cashier)
    pay(cashier)
    office, desk = sign_in(chief, language=language), sign_in(cashier, language=language)
    x_report = office.get(f"/tills/{till.pk}/report.pdf{paper}")
    assert x_report.content.startswith(b"%PDF")
    assert desk.get(f"/till/{till.pk}/report.pdf").status_code == 404
    count_exactly(till, cashier)
    assert desk.get(f"/till/{till.pk}/report.pdf{paper}").content.startswith(b"%PDF")
    desk.post("/deposits/new", {"tills": [till.pk], "bank": "រតនាគារ"})
    deposit = Deposit.objects.get()
    assert desk.get(f"/deposits/{deposit.pk}/slip.pdf{paper}").content.startswith(b"%PDF")


def test_a_deposit_is_made_by_the_cashier_and_confirmed_by_the_chief(sign_in, cashier, chief):
    till = opened(cashier)
    pay(cashier)
    count_exactly(till, cashier)
    desk, office = sign_in(cashier), sign_in(chief)
    refused = desk.post("/deposits/new", {"bank": ""})
    assert refused.status_code == 422
    assert "Choose at least one closed till" in text_of(refused)
    desk.post("/deposits/new", {"tills": [till.pk], "bank": "រតនាគារខេត្ត"})
    page = text_of(desk.get("/deposits"))
    assert "D-0102-000001" in page
    assert "Confirm the deposit" not in page

    deposit = Deposit.objects.get()
    assert office.post(f"/deposits/{deposit.pk}/confirm", {"reference": ""}).status_code == 422
    office.post(f"/deposits/{deposit.pk}/confirm", {"reference": "TR-9"})
    assert "TR-9" in text_of(desk.get("/deposits"))


def test_a_slip_is_withdrawn_on_the_page(sign_in, cashier):
    till = opened(cashier)
    pay(cashier)
    count_exactly(till, cashier)
    desk = sign_in(cashier)
    desk.post("/deposits/new", {"tills": [till.pk], "bank": "រតនាគារខេត្ត"})
    desk.post(f"/deposits/{Deposit.objects.get().pk}/withdraw")
    assert "Money that waits here" in text_of(desk.get("/deposits"))


def test_tills_and_deposits_of_another_office_are_not_there(sign_in, cashier):
    till = opened(cashier)
    pay(cashier)
    count_exactly(till, cashier)
    sign_in(cashier).post("/deposits/new", {"tills": [till.pk], "bank": "រតនាគារខេត្ត"})
    deposit = Deposit.objects.get()
    stranger = sign_in(staff("chief", "cashier", office_id=unit()))
    for path in (
        f"/tills/{till.pk}",
        f"/tills/{till.pk}/count",
        f"/tills/{till.pk}/report.pdf",
        f"/till/{till.pk}/report.pdf",
        f"/deposits/{deposit.pk}/slip.pdf",
        "/tills/999999",
    ):
        assert stranger.get(path).status_code == 404, path
    for path in (
        f"/tills/{till.pk}/decision",
        f"/tills/{till.pk}/reason",
        f"/deposits/{deposit.pk}/confirm",
        f"/deposits/{deposit.pk}/withdraw",
    ):
        form = {"reason": "x", "reference": "x"}
        assert stranger.post(path, form).status_code == 404, path


def test_empty_pages_say_what_comes_first(sign_in, cashier, chief):
    assert "You have had no till yet" in text_of(sign_in(cashier).get("/till"))
    assert "No till is open" in text_of(sign_in(chief).get("/tills"))
    assert "No money waits here" in text_of(sign_in(chief).get("/deposits"))
    assert sign_in(cashier).get("/till/count").status_code == 409


def test_the_desk_says_into_whose_till_the_money_goes(sign_in, cashier):
    desk = sign_in(cashier)
    request = RequestFactory(charged=True)
    pages = ("/", "/requests/new", "/requests/copies")
    for path in pages:
        assert "Open your till" in text_of(desk.get(path)), path
    other = opened(number=2)
    for path in (*pages, f"/requests/{format_code(request.tracking_code)}"):
        assert "no cash can be taken" in text_of(desk.get(path)), path
    opened(cashier)
    for path in (*pages, f"/requests/{format_code(request.tracking_code)}"):
        assert "Your till: counter 1, open since" in text_of(desk.get(path)), path
    count_till(TillSession.objects.exclude(pk=other.pk).get().pk, pieces(0), by=cashier)
    assert "Your till is being counted" in text_of(desk.get("/requests/new"))


def test_the_morning_after_the_desk_says_what_to_do_in_khmer(sign_in, cashier):
    opened(cashier, now=clock.now() - timedelta(days=1))
    page = text_of(sign_in(cashier, language="km").get("/requests/new"))
    assert "ត្រូវបានទុកបើកឆ្លងយប់" in page
    assert 'href="/till/count"' in page


def test_who_takes_no_money_is_told_of_no_till(sign_in, cashier):
    opened(cashier)
    assert "till" not in text_of(sign_in(staff("information_officer")).get("/requests/new"))


def test_the_chiefs_morning_names_tills_differences_and_deposits(sign_in, cashier, chief):
    late = opened(cashier, now=clock.now() - timedelta(days=1))
    other = staff("cashier")
    closed = opened(other, number=2)
    pay(other)
    count_exactly(closed, other)
    differs = opened(other, number=2)
    count_till(differs.pk, pieces(0), by=other)
    explain_difference(differs.pk, "ខ្វះ", by=other)
    page = text_of(sign_in(chief).get("/morning"))
    assert "left open overnight" in page
    assert f'href="/tills/{late.pk}"' in page
    assert "Differences to approve" in page
    assert "5,000 ៛" in page.partition("Closed tills to deposit")[2][:300]
    elsewhere = text_of(sign_in(staff("chief", office_id=unit())).get("/morning"))
    assert "No till is open" in elsewhere
