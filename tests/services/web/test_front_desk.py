"""The front desk: people who came before, consent, registering, prints, the next citizen."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from owso.accounts.permissions import Role
from services.cashier.models import Receipt
from services.catalogue.queries import clear_caches
from services.desk.models import NoticeConsent, Printing
from services.offices.queries import forget_offices
from services.requests.codes import format_code
from services.requests.models import Applicant, Representation, ServiceRequest
from services.requests.states import State
from tests.factories import (
    SERVICE,
    ApplicantDetailsFactory,
    IntakeFactory,
    RequestFactory,
    staff,
)
from tests.services.web.at_the_desk import (
    BASE,
    HTMX,
    PAGE,
    _nothing_usual,
    choice_in,
    clerk,
    desk,
    filled,
    registered,
)
from tests.services.web.conftest import text_of

__all__ = ["_nothing_usual", "clerk", "desk"]


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
