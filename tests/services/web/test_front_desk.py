"""The front desk: drafts, people who came before, consent, prints, the next citizen."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from owso.accounts.permissions import Role
from services.cashier.models import Payment, Receipt
from services.catalogue.queries import clear_caches
from services.desk.models import Draft, NoticeConsent, Printing, Ticket
from services.desk.queries import forget_usual
from services.offices.queries import forget_offices
from services.requests.codes import format_code
from services.requests.models import Applicant, Representation, ServiceRequest
from services.requests.states import State
from tests.factories import (
    SERVICE,
    ApplicantDetailsFactory,
    IntakeFactory,
    RequestFactory,
    district_office,
    staff,
)
from tests.services.web.conftest import text_of

COPIES = "LEG-D-002"
HTMX = {"HX-Request": "true"}
# What every page asks: the place, the session with its person, the roles.
BASE = 3
# A whole page also asks for the navigation.
PAGE = BASE + 1


@pytest.fixture(autouse=True)
def _nothing_usual():
    yield
    forget_usual()


@pytest.fixture
def clerk(province):
    return staff(Role.INFORMATION_OFFICER, Role.CASHIER)


@pytest.fixture
def desk(sign_in, clerk):
    return sign_in(clerk)


def filled(**changes):
    return {
        "service": SERVICE,
        "full_name": "សុខ ចាន់ណា",
        "phone": "០១២ ៣៤៥ ៦៧៨",
        "is_complete": "on",
        "key": str(uuid.uuid4()),
        "way": "cash",
        **changes,
    }


def choice_in(page: str) -> str:
    """The first earlier applicant a page offers."""
    return (
        page.partition('name="applicant" value=""')[2]
        .partition('name="applicant" value="')[2]
        .partition('"')[0]
    )


# Picking a service


def test_what_the_office_is_asked_for_most_comes_first_with_a_number(desk):
    for service in ("TOU-D-003", SERVICE, SERVICE):
        RequestFactory(intake=IntakeFactory(service=service))
    page = text_of(desk.get("/requests/new"))
    assert f'value="{SERVICE}" data-number="1"' in page
    assert 'value="TOU-D-003" data-number="2"' in page
    assert page.count(f'value="{SERVICE}"') == 1


def test_changing_the_service_keeps_what_was_typed(desk):
    form = filled(step="service", service="TOU-D-003", wants_notices="on")
    page = text_of(desk.post("/requests/new", form, **HTMX))
    assert "<html" not in page
    assert "សុខ ចាន់ណា" in page
    assert f'value="{form["key"]}"' in page
    assert 'name="wants_notices" id="id_wants_notices" checked' in page
    assert "There is a problem" not in page


def test_without_scripts_the_service_is_changed_by_its_button(desk):
    page = text_of(desk.post("/requests/new", filled(step="service", service="TOU-D-003")))
    assert "<html" in page
    assert "សុខ ចាន់ណា" in page


# Drafts


def test_what_is_typed_is_saved_and_stands_there_after_signing_in_again(sign_in, clerk):
    form = filled(step="quote", phone="", representative_name="កែវ មុន្នី", is_complete="")
    del form["is_complete"]
    page = text_of(sign_in(clerk).post("/requests/new", form, **HTMX))
    assert "Saved as a draft at" in page
    desk = sign_in(clerk)  # another session: the first one ended in the middle of the form
    listed = text_of(desk.get("/requests/new"))
    assert "សុ… ចា…" in listed
    assert f"draft={form['key']}" in listed
    assert f"draft={form['key']}" in text_of(desk.get("/"))
    opened = text_of(desk.get("/requests/new", {"draft": form["key"]}))
    assert 'value="សុខ ចាន់ណា"' in opened
    assert 'value="កែវ មុន្នី"' in opened
    assert f'name="key" value="{form["key"]}"' in opened
    assert 'id="id_is_complete" checked' not in opened


def test_an_ended_session_leads_to_sign_in_and_back_to_the_drafts(sign_in, clerk):
    desk = sign_in(clerk)
    desk.post("/requests/new", filled(step="quote"), **HTMX)
    desk.client.logout()
    answer = desk.post("/requests/new", filled())
    assert answer["Location"] == "/account/sign-in/?next=/requests/new"
    assert not ServiceRequest.objects.exists()
    assert Draft.objects.count() == 1


def test_an_empty_form_is_no_draft(desk):
    desk.post("/requests/new", filled(step="quote", full_name=" ", phone=""), **HTMX)
    assert not Draft.objects.exists()


def test_a_form_without_a_proper_key_is_calculated_and_not_kept(desk):
    answer = desk.post("/requests/new", filled(step="quote", key="nonsense"), **HTMX)
    assert answer.status_code == 200
    assert not Draft.objects.exists()


def test_a_draft_registered_from_another_window_leads_to_its_request(desk):
    form = filled()
    desk.post("/requests/new", {**form, "step": "quote"}, **HTMX)
    desk.post("/requests/new", form)
    assert not Draft.objects.exists()
    answer = desk.get("/requests/new", {"draft": form["key"]})
    code = format_code(ServiceRequest.objects.get().tracking_code)
    assert answer["Location"] == f"/requests/{code}/registered"


def test_another_persons_draft_is_not_found(sign_in, clerk):
    form = filled(step="quote")
    sign_in(clerk).post("/requests/new", form, **HTMX)
    other = sign_in(staff(Role.INFORMATION_OFFICER))
    assert other.get("/requests/new", {"draft": form["key"]}).status_code == 404
    assert other.post(f"/drafts/{form['key']}/discard").status_code == 404
    assert other.post("/requests/new", form, **HTMX).status_code == 404
    assert "សុ… ចា…" not in text_of(other.get("/requests/new"))


def test_a_draft_is_thrown_away_by_its_owner(desk):
    form = filled(step="quote")
    desk.post("/requests/new", form, **HTMX)
    assert desk.post(f"/drafts/{form['key']}/discard")["Location"] == "/requests/new"
    assert "The draft was thrown away." in text_of(desk.get("/requests/new"))
    assert not Draft.objects.exists()


@pytest.mark.parametrize("key", ["nonsense", "\x00", "x" * 3000])
def test_a_draft_address_that_leads_nowhere_begins_anew(desk, key):
    assert desk.get("/requests/new", {"draft": key})["Location"] == "/requests/new"


# Earlier applicants


def test_an_earlier_applicant_is_offered_masked_while_one_types(desk):
    RequestFactory(intake=IntakeFactory(applicant=ApplicantDetailsFactory(full_name="សុខ ចាន់ណា")))
    page = text_of(desk.post("/requests/new", filled(step="quote"), **HTMX))
    assert "សុ… ចា…" in page
    assert "012 ••• 678" in page
    assert "សុខ ចាន់ណា" not in page.partition('id="known"')[2]


def test_the_list_comes_only_when_the_search_changed(desk):
    form = filled(step="quote")
    page = text_of(desk.post("/requests/new", form, **HTMX))
    searched = page.partition('name="known_for" value="')[2].partition('"')[0]
    again = text_of(desk.post("/requests/new", {**form, "known_for": searched}, **HTMX))
    assert 'id="known"' not in again


def test_choosing_an_earlier_applicant_uses_the_row_again(desk):
    row = RequestFactory().applicant
    page = text_of(desk.post("/requests/new", filled(step="find")))
    choice = choice_in(page)
    answer = desk.post("/requests/new", filled(applicant=choice, full_name="", phone=""))
    assert answer.status_code == 302
    assert ServiceRequest.objects.order_by("-id")[0].applicant_id == row.pk
    assert Applicant.objects.count() == 1


def test_the_choice_stays_when_the_form_comes_back_with_an_error(desk):
    RequestFactory()
    choice = choice_in(text_of(desk.post("/requests/new", filled(step="find"))))
    answer = desk.post("/requests/new", filled(applicant=choice, tendered="1"))
    assert answer.status_code == 422
    assert text_of(answer).count('id="known-1" checked') == 1


def test_a_choice_of_somebody_else_is_refused_in_words(sign_in, desk):
    RequestFactory()
    choice = choice_in(text_of(desk.post("/requests/new", filled(step="find"))))
    other = sign_in(staff(Role.INFORMATION_OFFICER, Role.CASHIER))
    answer = other.post("/requests/new", filled(applicant=choice))
    assert answer.status_code == 422
    assert "can no longer be chosen" in text_of(answer)
    assert ServiceRequest.objects.count() == 1


# Representative and consent


def test_a_representative_and_the_consent_are_recorded(desk):
    desk.post(
        "/requests/new",
        filled(
            representative_name="កែវ មុន្នី",
            authority_kind="family",
            representative_phone="017 222 333",
            representative_receives_notices="on",
            wants_notices="on",
        ),
    )
    acting = Representation.objects.get()
    assert (acting.authority_kind, acting.receives_notices) == ("family", True)
    assert NoticeConsent.objects.get().recipient == "representative"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"representative_name": "កែវ"}, "On what authority"),
        ({"authority_kind": "family"}, "Enter a name."),
        (
            {
                "representative_name": "កែវ",
                "authority_kind": "family",
                "representative_receives_notices": "on",
            },
            "Enter a phone number such as",
        ),
        ({"wants_notices": "on", "phone": ""}, "Notices need a phone number."),
        ({"applicant": "made-up"}, "can no longer be chosen"),
    ],
)
def test_what_is_missing_about_people_is_said_beside_its_field(desk, wrong, words):
    answer = desk.post("/requests/new", filled(**wrong))
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not ServiceRequest.objects.exists()


# After the registration


def registered(desk, **changes):
    return desk.post("/requests/new", filled(**changes))["Location"]


def test_the_page_after_registering_has_print_and_next(desk):
    page = text_of(desk.get(registered(desk, tendered="10000")))
    assert "Change to give: 5,000 ៛" in page
    assert "Receipt number" in page
    assert 'id="next" href="/requests/new"' in page
    assert "/print" in page


def test_missing_papers_and_an_open_fee_are_said_after_registering(desk):
    form = filled(is_complete="")
    del form["is_complete"]
    incomplete = desk.post("/requests/new", form)["Location"]
    assert "the clock has not started" in text_of(desk.get(incomplete))
    assert "Still to pay" in text_of(desk.get(registered(desk, way="later")))


def test_a_form_sent_with_other_content_leads_to_what_it_became(desk):
    form = filled()
    desk.post("/requests/new", form)
    answer = desk.post("/requests/new", {**form, "full_name": "កែវ មុន្នី"})
    assert answer.status_code == 409
    code = format_code(ServiceRequest.objects.get().tracking_code)
    assert f"/requests/{code}/registered" in text_of(answer)
    assert Receipt.objects.count() == 1


def test_printing_from_the_page_gives_pictures_and_the_second_is_a_copy(desk):
    address = registered(desk).removesuffix("registered") + "print"
    first = text_of(desk.post(address, {"paper": "80mm"}, **HTMX))
    assert "Sent to the printer." in first
    picture = first.partition('src="')[2].partition('"')[0]
    answer = desk.get(picture, **{"Accept-Encoding": "gzip"})
    assert (answer["Content-Type"], answer["Content-Encoding"]) == ("image/svg+xml", "gzip")
    assert len(answer.content) < 60_000
    second = text_of(desk.post(address, **HTMX))
    assert "it is a copy" in second
    assert set(Printing.objects.values_list("paper", flat=True)) == {"80mm"}


def test_without_scripts_printing_opens_a_pdf(desk):
    address = registered(desk).removesuffix("registered") + "print"
    answer = desk.post(address, {"sheet": "payment"})
    assert answer.status_code == 302
    assert desk.get(answer["Location"]).content.startswith(b"%PDF")
    assert Printing.objects.get().sheet == "payment"


def test_a_print_of_a_stranger_or_a_page_too_far_is_not_found(sign_in, desk):
    address = registered(desk).removesuffix("registered")
    desk.post(f"{address}print")
    job = Printing.objects.first().job
    assert desk.get(f"{address}prints/{job}/1.svg").status_code == 200
    assert desk.get(f"{address}prints/{job}/2.svg").status_code == 404
    assert desk.get(f"{address}prints/{uuid.uuid4()}.pdf").status_code == 404
    other = sign_in(staff(Role.INFORMATION_OFFICER))
    assert other.get(f"{address}prints/{job}.pdf").status_code == 404


def test_the_cover_of_an_unfinished_request_is_refused_in_words(desk):
    address = registered(desk).removesuffix("registered")
    answer = desk.post(f"{address}print", {"sheet": "cover"})
    assert answer.status_code == 409
    assert "The outcome is not ready yet." in text_of(answer)


# Copies by the pile


def pile(**changes):
    return {
        "price": f"{COPIES}.",
        "quantity": "២៥",
        "full_name": "សុខ ចាន់ណា",
        "key": str(uuid.uuid4()),
        "way": "cash",
        **changes,
    }


@pytest.fixture
def price(desk):
    page = text_of(desk.get("/requests/copies"))
    start = page.index(f'value="{COPIES}.')
    return page[start + 7 :].partition('"')[0]


def test_a_pile_is_one_request_one_payment_one_receipt(desk, price):
    answer = desk.post("/requests/copies", pile(price=price, tendered="30000"))
    code = format_code(ServiceRequest.objects.get().tracking_code)
    assert answer["Location"] == f"/requests/copies?done={code}"
    assert ServiceRequest.objects.get().quantity == 25
    assert Payment.objects.get().amount_riel == 25_000
    page = text_of(desk.get(answer["Location"]))
    assert code in page
    assert "5,000 ៛" in page
    assert f'data-print-now="{code}"' in page
    assert f'value="{price}" id="' in page
    assert "checked" in page.partition(f'value="{price}"')[2][:60]


def test_a_concessional_price_is_one_choice(desk):
    page = text_of(desk.get("/requests/copies"))
    assert "Concessional fee" in page
    start = page.rindex('value="LEG-D-001.')
    concessional = page[start + 7 :].partition('"')[0]
    desk.post("/requests/copies", pile(price=concessional, quantity="10"))
    assert Payment.objects.get().amount_riel == 5_000


def test_the_sum_of_a_pile_is_shown_while_one_types(desk, price):
    form = pile(price=price, step="quote", tendered="30 000")
    page = text_of(desk.post("/requests/copies", form, **HTMX))
    assert "25,000 ៛" in page
    assert "5,000 ៛" in page
    assert "<form" not in page
    assert not ServiceRequest.objects.exists()


def test_a_pile_sent_twice_is_one(desk, price):
    form = pile(price=price)
    assert (
        desk.post("/requests/copies", form)["Location"]
        == (desk.post("/requests/copies", form)["Location"])
    )
    assert Receipt.objects.count() == 1
    assert desk.post("/requests/copies", {**form, "quantity": "26"}).status_code == 409


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"quantity": "0"}, "at least 1"),
        ({"quantity": "1001"}, "at most 1000"),
        ({"quantity": "x"}, "not a whole number"),
        ({"full_name": ""}, "Enter a name."),
        ({"price": "LEG-X"}, "What is legalised"),
        ({"tendered": "1"}, "does not cover the fee"),
        ({"way": "later"}, "Payment"),
    ],
)
def test_what_is_wrong_with_a_pile_is_said(desk, price, wrong, words):
    answer = desk.post("/requests/copies", pile(price=price) | wrong)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not ServiceRequest.objects.exists()


def test_an_office_without_the_till_takes_no_pile(sign_in, price):
    officer = sign_in(staff(Role.INFORMATION_OFFICER))
    answer = officer.post("/requests/copies", pile(price=price))
    assert answer.status_code == 403
    assert not ServiceRequest.objects.exists()


# Posters and tickets


def test_the_poster_is_offered_by_sector_and_comes_as_pdf(desk):
    page = text_of(desk.get("/posters"))
    assert "All sectors" in page
    assert "the poster marks" in page
    answer = desk.get("/posters/fees.pdf", {"sector": "LEG", "paper": "a3"})
    assert answer.status_code in {200, 404}
    sector = page.partition('<option value="')[2].partition('<option value="')[2].partition('"')[0]
    answer = desk.get("/posters/fees.pdf", {"sector": sector, "paper": "a3"})
    assert answer.content.startswith(b"%PDF")
    assert desk.get("/posters/fees.pdf", {"paper": "x"}).status_code == 200


def test_a_sector_the_office_does_not_serve_is_not_found(desk):
    assert desk.get("/posters/fees.pdf", {"sector": "\x00"}).status_code == 404


def test_a_number_is_given_printed_and_called(desk):
    assert "Number 1 was given." in text_of(desk.post("/tickets", **HTMX))
    assert desk.get("/tickets/1.svg")["Content-Type"] == "image/svg+xml"
    assert desk.get("/tickets/1.pdf", {"paper": "a5"}).content.startswith(b"%PDF")
    assert desk.get("/tickets/2.pdf").status_code == 404
    desk.post("/tickets/next")
    assert "Number 1 is called." in text_of(desk.get("/"))
    desk.post("/tickets/next")
    assert "Nobody is waiting with a number." in text_of(desk.get("/"))
    assert desk.post("/tickets")["Location"] == "/tickets/2.pdf"
    assert Ticket.objects.filter(office_id=district_office()).count() == 2


# How many queries a page may cost; a number that grows with the rows would show here


@pytest.fixture
def counted(desk):
    """Count queries by what was sent, with everything the process keeps read just now."""
    forget_offices()
    clear_caches()
    for _ in range(3):
        desk.post("/requests/new", filled(step="quote"), **HTMX)
        RequestFactory()

    def count(send) -> int:
        with CaptureQueriesContext(connection) as context:
            send()
        return len(context)

    return count


def test_pages_of_the_desk_cost_a_constant_number_of_queries(desk, counted):
    location = registered(desk)
    expected = {
        "/requests/new": PAGE + 4,
        f"/requests/new?service={SERVICE}": PAGE + 6,
        "/requests/copies": PAGE + 5,
        location: PAGE + 4,
        "/posters": PAGE,
    }
    for path in expected:
        desk.get(path)
    assert {path: counted(lambda path=path: desk.get(path)) for path in expected} == expected


def test_a_quote_and_a_registration_cost_a_constant_number_of_queries(desk, counted):
    form = filled(step="quote")
    desk.post("/requests/new", form, **HTMX)
    changed = {**form, "phone": "017 222 333"}
    assert counted(lambda: desk.post("/requests/new", changed, **HTMX)) == BASE + 9
    del form["step"]
    assert counted(lambda: desk.post("/requests/new", form)) == BASE + 12
    assert ServiceRequest.objects.filter(state=State.REGISTERED).count() == 4
