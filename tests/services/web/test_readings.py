"""Nobody reads a citizen's name or phone without a trace, and lists do not show them."""

from contextlib import suppress

import pytest
from django.db import connection
from django.urls import NoReverseMatch, get_resolver, reverse

from owso.accounts.permissions import Role
from owso.audit.models import AccessEntry, Reading
from services.catalogue.queries import published_version
from services.requests.accesses import accesses_of, lookers_of
from services.requests.codes import format_code
from services.web import private
from tenants import clock
from tests.factories import (
    SERVICE,
    ApplicantDetailsFactory,
    IntakeFactory,
    RequestFactory,
    district_office,
    staff,
)
from tests.services.web.conftest import text_of
from tests.services.web.test_declared_access import patterns

NAME, MASKED = "ស្រីសម្ងាត់ ណាស់", "ស្រី… ណា…"
PHONE, SHOWN_PHONE = "096 765 4321", "096 ••• 321"
ALL_ROLES = [role for role in Role if not role.startswith("ministry")]
PAGES = ["/requests/CODE", "/requests/CODE/slip.pdf"]
LISTS = ["/", "/queue", "/requests/new", "/find?q=096 765 4321", f"/find?q={NAME[:8]}"]


@pytest.fixture
def planted(province):
    """A request of somebody whose name and phone would be seen wherever they are shown."""
    applicant = ApplicantDetailsFactory(full_name=NAME, phone=PHONE)
    return RequestFactory(intake=IntakeFactory(applicant=applicant))


@pytest.fixture
def actor(province):
    sector_id = published_version(SERVICE, on=clock.today()).sector_id
    return staff(*ALL_ROLES, sector_id=sector_id)


@pytest.fixture
def desk(sign_in, actor):
    """Somebody who holds every role at a small office."""
    return sign_in(actor)


def read_by_now(request):
    found = AccessEntry.objects.filter(request_id=request.pk).order_by("id")
    return list(found.values_list("kind", flat=True))


def path_of(request, step=""):
    return f"/requests/{format_code(request.tracking_code)}{step}"


def test_opening_a_file_says_who_when_from_where_and_why(desk, actor, planted):
    desk.get(path_of(planted))
    entry = AccessEntry.objects.get()
    assert (entry.request_id, entry.kind) == (planted.pk, Reading.FILE)
    assert (entry.actor_id, entry.actor_name) == (actor.user_id, actor.name)
    assert (entry.role, entry.office_id) == (actor.grants[0].role, district_office())
    assert entry.address == "127.0.0.1"
    assert entry.at is not None


def test_a_file_opened_from_a_search_says_so(desk, planted):
    desk.get(path_of(planted), referer="http://banteay-meanchey.localhost/find?q=x")
    assert read_by_now(planted) == [Reading.FOUND]


def test_a_printed_slip_is_one_reading(desk, planted):
    desk.get(path_of(planted, "/slip.pdf"))
    assert read_by_now(planted) == [Reading.SLIP]


def test_a_page_of_a_request_that_shows_no_name_is_a_reading_too(desk, planted):
    assert NAME not in text_of(desk.get(path_of(planted, "/documents")))
    assert read_by_now(planted) == [Reading.FILE]


def test_a_step_that_only_leads_on_is_no_reading(desk, planted):
    seen = planted.current_visit_id
    assert desk.post(path_of(planted, "/advance"), {"seen": seen}).status_code == 302
    assert read_by_now(planted) == []


def test_a_file_that_is_refused_or_another_s_leaves_nothing(sign_in, planted):
    stranger = sign_in(staff(Role.CHIEF, office_id=district_office(1)))
    assert stranger.get(path_of(planted)).status_code == 404
    assert read_by_now(planted) == []


def test_a_step_that_shows_the_file_again_is_a_reading(desk, planted):
    assert desk.post(path_of(planted, "/reject"), {}).status_code == 422
    assert read_by_now(planted) == [Reading.FILE]


@pytest.mark.parametrize("path", LISTS)
def test_lists_show_a_masked_name_and_no_phone(desk, planted, path):
    page = text_of(desk.get(path))
    assert MASKED in page
    assert NAME not in page
    assert SHOWN_PHONE not in page
    assert read_by_now(planted) == []


def addresses(request):
    """Every closed address of an office's host that one request's code fills in."""
    code = format_code(request.tracking_code)
    for pattern in patterns(get_resolver("owso.urls_tenant")):
        if getattr(pattern.callback, "access", "public") == "public":
            continue
        for kwargs in ({}, {"code": code}):
            with suppress(NoReverseMatch):
                yield reverse(pattern.name, urlconf="owso.urls_tenant", kwargs=kwargs)


def test_every_page_that_shows_a_name_or_phone_leaves_a_trace(desk, planted):
    shown, silent = [], []
    for address in sorted(set(addresses(planted))):
        for send in (desk.get, desk.post):
            before = len(read_by_now(planted))
            response = send(address)
            connection.set_tenant(desk.province)
            body = response.content.decode(errors="replace")
            if NAME in body or SHOWN_PHONE in body or PHONE in body:
                shown.append(address)
                if len(read_by_now(planted)) == before:
                    silent.append((send.__name__, address))
    assert path_of(planted) in shown
    assert silent == []


def test_personal_data_outside_a_recorded_page_is_refused(planted):
    with pytest.raises(LookupError):
        private.applicant_name(planted)
    with pytest.raises(LookupError):
        private.masked_phone(planted)


def test_several_files_on_one_page_are_recorded_together(planted, actor, django_assert_num_queries):
    others = [RequestFactory() for _ in range(3)]
    requests = [planted, planted, *others]
    assert all(request.applicant for request in requests)
    with django_assert_num_queries(1), private.reading(actor, Reading.SLIP):
        for request in requests:
            private.applicant_name(request)
    assert AccessEntry.objects.count() == 4


def test_nothing_is_recorded_of_what_failed_before_it_was_shown(planted, actor):
    def fail():
        with private.reading(actor):
            private.applicant_name(planted)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert read_by_now(planted) == []


def test_those_who_supervise_see_who_looked_and_others_do_not(sign_in, planted):
    clerk = staff(Role.INFORMATION_OFFICER)
    sign_in(clerk).get(path_of(planted))
    page = text_of(sign_in(staff(Role.CHIEF)).get(path_of(planted)))
    assert "Who looked" in page
    assert "Information officer" in page
    assert "Who looked" not in text_of(sign_in(clerk).get(path_of(planted)))


def test_one_who_looked_again_and_again_that_day_is_one_line(sign_in, planted):
    clerk = sign_in(staff(Role.INFORMATION_OFFICER))
    for _ in range(3):
        clerk.get(path_of(planted))
    page = text_of(sign_in(staff(Role.CHIEF)).get(path_of(planted)))
    assert "× 3" in page
    assert page.count("Opened the file") == 1


def test_the_citizen_is_told_office_and_role_and_no_name_of_staff(sign_in, planted):
    sign_in(staff(Role.CASHIER)).get(path_of(planted))
    (access,) = accesses_of(planted)
    assert (access.role, access.office_id, access.kind) == ("cashier", district_office(), "file")
    assert not hasattr(access, "name")
    assert lookers_of(planted)[0].name == "សុខ ដារ៉ា"
