"""The front desk before the registration: picking a service, drafts."""

import pytest

from owso.accounts.permissions import Role
from services.desk.models import Draft
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from tests.factories import (
    SERVICE,
    IntakeFactory,
    RequestFactory,
    staff,
)
from tests.services.web.at_the_desk import (
    HTMX,
    _nothing_usual,
    clerk,
    desk,
    filled,
)
from tests.services.web.conftest import text_of

__all__ = ["_nothing_usual", "clerk", "desk"]


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
