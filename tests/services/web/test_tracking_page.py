"""The tracking page: the answer, the same answer for every wrong code, limits, 304."""

from datetime import timedelta

import pytest

from owso.accounts.guessing import PAIR
from owso.limits import WindowCount
from services.offices.actions import close_offices
from services.offices.actors import system_actor
from services.requests.codes import format_code, new_code
from services.requests.models import ServiceRequest
from services.web.portal import lookups
from tenants import clock
from tenants.context import in_province
from tests.factories import MONDAY, IntakeFactory, RequestFactory, district_office
from tests.services.web.conftest import text_of


def address_of(request: ServiceRequest) -> str:
    return f"/t/{format_code(request.tracking_code)}"


def test_the_front_page_asks_for_the_code_in_khmer_by_default(citizen):
    del citizen.client.cookies["owso_language"]
    response = citizen.get("/")
    assert response.status_code == 200
    assert '<html lang="km">' in text_of(response)
    assert "ពាក្យរបស់ខ្ញុំដល់ណាហើយ?" in text_of(response)


def test_a_typed_code_leads_to_its_page(citizen):
    request = RequestFactory()
    typed = f" {format_code(request.tracking_code).lower().replace('-', ' ')}\u200b"
    response = citizen.get("/t/", {"code": typed})
    assert response.status_code == 302
    assert response["Location"] == address_of(request)


def test_a_code_may_also_be_sent_as_a_form(citizen):
    request = RequestFactory()
    response = citizen.post("/t/", {"code": request.tracking_code})
    assert response["Location"] == address_of(request)


def test_the_page_tells_the_promise_the_limit_and_the_stages(citizen):
    request = RequestFactory(in_progress=True)
    page = text_of(citizen.get(address_of(request)))
    assert format_code(request.tracking_code) in page
    assert "Stage by stage" in page
    assert 'aria-current="step"' in page
    assert "5,000 ៛" in page
    assert "Legal limit:" in page


def test_the_page_shows_nothing_personal(citizen):
    request = RequestFactory(in_progress=True)
    page = text_of(citizen.get(address_of(request)))
    applicant = request.applicant
    assert applicant.full_name not in page
    assert "012" not in page.replace(request.tracking_code, "").split("Phone")[0]


def test_a_request_that_waits_says_for_what(citizen):
    request = RequestFactory(waiting=True)
    page = text_of(citizen.get(address_of(request)))
    assert "Waiting for you" in page
    assert "ow-now--waiting" in page


@pytest.mark.parametrize(
    ("trait", "words"),
    [
        ("incomplete", "bring the papers that are missing"),
        ("charged", "please pay the fee"),
        ("ready", "you can collect it"),
        ("delivered", "Collected"),
        ("rejected", "Not approved"),
        ("withdrawn", "Withdrawn"),
        ("overdue", "ow-now--late"),
    ],
)
def test_every_state_has_its_sentence(citizen, trait, words):
    request = RequestFactory(**{trait: True})
    response = citizen.get(address_of(request))
    assert response.status_code == 200
    assert words in text_of(response)


def test_the_page_speaks_khmer_when_asked(citizen):
    request = RequestFactory()
    response = citizen.get(address_of(request) + "?lang=km")
    assert "ដំណាក់កាលនីមួយៗ" in text_of(response)
    assert response.cookies["owso_language"].value == "km"


def test_codes_that_exist_nowhere_get_the_same_answer(citizen):
    RequestFactory()
    codes = [new_code("01"), new_code("02"), new_code("25"), new_code("77")]
    answers = [citizen.get(f"/t/{code}") for code in codes]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_a_mistyped_code_is_mended_the_same_whether_it_exists_or_not(citizen):
    for code in (RequestFactory().tracking_code, new_code("01")):
        swap = next(place for place in range(2, 11) if code[place] != code[place + 1])
        typed = f"{code[:swap]}{code[swap + 1]}{code[swap]}{code[swap + 2 :]}"
        for answer in (citizen.get(f"/t/{typed}"), citizen.get("/t/", {"code": typed})):
            assert answer.status_code == 404
            assert "two were swapped" in text_of(answer)
            assert f'href="/t/{format_code(code)}"' in text_of(answer)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("01-K7Q4M", "here are 7: some are missing"),
        ("0" * 300, "here are 300: some are too many"),
        ("", "No code was typed"),
        ("<b>ខ្មែរ</b>", "here are 2"),
        ("%00", "here are 2"),
    ],
)
def test_what_cannot_be_a_code_is_told_why(citizen, typed, words):
    text = text_of(citizen.get("/t/", {"code": typed}))
    assert words in text
    assert "<b>" not in text.split("<h1>")[1].split("</main>")[0]


def test_a_code_is_found_in_a_pasted_message(citizen):
    request = RequestFactory()
    message = f"សូមជួយមើល {format_code(request.tracking_code)} ផង។ Tel. 012 345 678 " + "x" * 300
    assert citizen.get("/t/", {"code": message})["Location"] == address_of(request)


def test_a_code_of_another_province_leads_to_its_request(citizen, neighbour):
    with in_province(neighbour):
        request = RequestFactory(intake=IntakeFactory(office_id=district_office()))
    page = text_of(citizen.get(address_of(request)))
    assert request.tracking_code.startswith("02")
    assert "OWSO Srok Banan" in page


def test_whoever_is_waited_for_reads_where_to_go_and_when(citizen):
    for trait, words in (("waiting", "Come to OWSO"), ("ready", "Collect it at OWSO")):
        page = text_of(citizen.get(address_of(RequestFactory(**{trait: True}))))
        now = page[page.index("ow-now") : page.index("</section>")]
        assert words in now
        assert "Open: Mon" in now
    assert "openstreetmap.org/search?query=Mongkol+Borey%2C+Banteay+Meanchey" in page
    assert 'href="geo:0,0?q=Mongkol+Borey' in page


def test_an_unchanged_page_is_not_sent_again(citizen):
    request = RequestFactory()
    first = citizen.get(address_of(request))
    again = citizen.get(address_of(request), **{"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    other = citizen.get(address_of(request) + "?lang=km", **{"If-None-Match": first["ETag"]})
    assert other.status_code == 200


def test_the_page_changes_its_tag_with_the_request(citizen):
    request = RequestFactory()
    first = citizen.get(address_of(request))["ETag"]
    ServiceRequest.objects.filter(pk=request.pk).update(version=request.version + 1)
    assert citizen.get(address_of(request))["ETag"] != first


def test_no_search_engine_and_no_other_site_learns_the_code(citizen):
    response = citizen.get(address_of(RequestFactory()))
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "private, no-cache"
    assert "noindex" in response["X-Robots-Tag"]
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert text_of(response).count("<script") == 1
    assert '.js" defer></script>' in text_of(response)


def test_guessing_codes_ends_soon(citizen):
    request = RequestFactory()
    statuses = [citizen.get(f"/t/{new_code('01')}").status_code for _ in range(31)]
    assert statuses == [404] * 30 + [429]
    blocked = citizen.get(address_of(request))
    assert blocked.status_code == 429
    assert "10 minutes" in text_of(blocked)


def test_one_address_may_not_look_up_without_end(citizen, monkeypatch):
    request = RequestFactory()
    monkeypatch.setattr(lookups, "_lookups", WindowCount(PAIR))
    statuses = [citizen.get(address_of(request)).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]


def test_the_page_asks_the_database_only_for_the_prepared_row(
    citizen, django_assert_max_num_queries
):
    request = RequestFactory()
    citizen.get(address_of(request))
    with django_assert_max_num_queries(2) as seen:
        citizen.get(address_of(request))
    asked = [each["sql"] for each in seen.captured_queries if "set_config" not in each["sql"]]
    assert len(asked) == 1
    assert "tracking_request" in asked[0]


def test_placeholder_numbers_are_marked(citizen):
    request = RequestFactory()
    page = text_of(citizen.get(address_of(request)))
    has_mark = "not law" in page or "not published" in page or "not stated" in page
    assert has_mark == ("ow-mark" in page)


def test_the_explanation_counts_to_the_legal_limit(citizen):
    request = RequestFactory(started=clock.now())
    page = text_of(citizen.get(address_of(request)))
    assert "Why this date?" in page
    assert "the legal limit" in page


def test_a_closed_day_of_the_office_is_told_with_its_reason(citizen):
    request = RequestFactory(in_progress=True)
    day = (MONDAY + timedelta(days=1)).date()
    by = system_actor("tests")
    close_offices(
        [request.office_id], [day], reason_km="ទឹកជំនន់", reason_en="Flood", by=by, now=MONDAY
    )
    page = text_of(citizen.get(address_of(request)))
    assert "This office is closed: Flood" in page
