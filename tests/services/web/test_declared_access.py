"""Default deny: every address of both hosts declares who may open it, and keeps to it."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from owso.accounts.permissions import TABLE, Role, Verb
from services.requests.codes import format_code
from tests.factories import RequestFactory, staff
from tests.services.web.conftest import text_of

PAGES = {
    "/": Verb.VIEW_REQUEST,
    "/find": Verb.VIEW_REQUEST,
    "/queue": Verb.VIEW_QUEUE,
    "/requests/new": Verb.REGISTER,
    "/requests/CODE": Verb.VIEW_REQUEST,
    "/requests/CODE/slip.pdf": Verb.PRINT_SLIP,
    "/requests/copies": Verb.REGISTER,
    "/requests/CODE/registered": Verb.REGISTER,
    "/requests/CODE/prints/JOB.pdf": Verb.PRINT_SLIP,
    "/requests/CODE/prints/JOB/0.svg": Verb.PRINT_SLIP,
    "/posters": Verb.VIEW_QUEUE,
    "/posters/fees.pdf": Verb.VIEW_QUEUE,
    "/tickets/1.pdf": Verb.REGISTER,
    "/tickets/1.svg": Verb.REGISTER,
    "/till": Verb.TAKE_PAYMENT,
    "/till/count": Verb.TAKE_PAYMENT,
    "/till/1/report.pdf": Verb.TAKE_PAYMENT,
    "/tills": Verb.CHECK_TILL,
    "/tills/1": Verb.CHECK_TILL,
    "/tills/1/count": Verb.CHECK_TILL,
    "/tills/1/report.pdf": Verb.CHECK_TILL,
    "/deposits": Verb.MAKE_DEPOSIT,
    "/deposits/1/slip.pdf": Verb.MAKE_DEPOSIT,
    "/khqr/1": Verb.TAKE_PAYMENT,
    "/khqr/1/code.pdf": Verb.TAKE_PAYMENT,
    "/khqr/account": Verb.MANAGE_OFFICES,
    "/morning": Verb.OVERSEE,
    "/morning/late": Verb.OVERSEE,
    "/notices": Verb.VIEW_REQUEST,
    "/manage": Verb.RUN_OFFICE,
    "/manage/offices/0102": Verb.RUN_OFFICE,
    "/manage/offices/0102/services": Verb.RUN_OFFICE,
    "/manage/people": Verb.LET_IN,
    "/manage/people/new": Verb.MANAGE_OFFICES,
    "/manage/people/1": Verb.LET_IN,
    "/manage/reminders": Verb.MANAGE_OFFICES,
    "/requests/CODE/outcome.pdf": Verb.PRINT_OUTCOME,
    "/requests/CODE/documents": Verb.VIEW_REQUEST,
    "/requests/CODE/documents/1": Verb.VIEW_REQUEST,
    "/requests/CODE/documents/1/small": Verb.VIEW_REQUEST,
    "/requests/CODE/uploads": Verb.ATTACH_DOCUMENT,
    "/requests/CODE/uploads/JOB": Verb.ATTACH_DOCUMENT,
    "/office": Verb.VIEW_REQUEST,
    "/requests/CODE/data": Verb.VIEW_REQUEST,
    "/manage/retention": Verb.HOLD_DATA,
    "/complaints": Verb.ANSWER_COMPLAINT,
    "/complaints/CODE": Verb.ANSWER_COMPLAINT,
    "/complaints/CODE/files/1": Verb.ANSWER_COMPLAINT,
    "/score-card": Verb.SEE_VOICES,
}
FORMS = {
    "/queue/advance": Verb.ADVANCE,
    "/queue/take": Verb.TAKE_FILE,
    "/requests/CODE/take": Verb.TAKE_FILE,
    "/requests/CODE/assign": Verb.ASSIGN_FILE,
    "/requests/CODE/note": Verb.WRITE_NOTE,
    "/requests/CODE/ask_opinion": Verb.ASK_OPINION,
    "/requests/CODE/opinions/1/answer": Verb.GIVE_OPINION,
    "/requests/CODE/opinions/1/withdraw": Verb.ASK_OPINION,
    "/requests/CODE/conclude": Verb.GIVE_OPINION,
    "/requests/CODE/draft": Verb.WRITE_DRAFT,
    "/requests/CODE/send_back": Verb.SEND_BACK,
    "/requests/CODE/sign": Verb.SIGN,
    "/requests/CODE/unsent": Verb.VIEW_REQUEST,
    "/requests/CODE/documents/1/withdraw": Verb.WITHDRAW_DOCUMENT,
    "/rate": Verb.POST_RATE,
    "/requests/CODE/complete": Verb.COMPLETE_PAPERS,
    "/requests/CODE/advance": Verb.ADVANCE,
    "/requests/CODE/pause": Verb.PAUSE,
    "/requests/CODE/resume": Verb.RESUME,
    "/requests/CODE/forward": Verb.FORWARD,
    "/requests/CODE/reject": Verb.REJECT,
    "/requests/CODE/withdraw": Verb.WITHDRAW,
    "/requests/CODE/deliver": Verb.DELIVER,
    "/requests/CODE/pay": Verb.TAKE_PAYMENT,
    "/requests/CODE/reversal": Verb.REQUEST_REVERSAL,
    "/requests/CODE/reversal/1": Verb.APPROVE_REVERSAL,
    "/requests/CODE/print": Verb.PRINT_SLIP,
    "/drafts/JOB/discard": Verb.REGISTER,
    "/tickets": Verb.REGISTER,
    "/tickets/next": Verb.REGISTER,
    "/computer/device/enrol": Verb.MANAGE_DEVICES,
    "/computer/device/1/remove": Verb.MANAGE_DEVICES,
    "/till/open": Verb.TAKE_PAYMENT,
    "/till/reason": Verb.TAKE_PAYMENT,
    "/tills/1/reason": Verb.CHECK_TILL,
    "/tills/by-phone/1": Verb.CHECK_TILL,
    "/tills/1/decision": Verb.CHECK_TILL,
    "/deposits/new": Verb.MAKE_DEPOSIT,
    "/deposits/1/confirm": Verb.CONFIRM_DEPOSIT,
    "/deposits/1/withdraw": Verb.MAKE_DEPOSIT,
    "/requests/CODE/khqr": Verb.TAKE_PAYMENT,
    "/khqr/1/check": Verb.TAKE_PAYMENT,
    "/notices/read": Verb.VIEW_REQUEST,
    "/manage/offices/0102/details": Verb.MANAGE_OFFICES,
    "/manage/offices/0102/counters": Verb.RUN_OFFICE,
    "/manage/offices/0102/hours": Verb.MANAGE_OFFICES,
    "/manage/offices/0102/closed": Verb.RUN_OFFICE,
    "/manage/offices/0102/reopened": Verb.RUN_OFFICE,
    "/manage/people/1/roles": Verb.MANAGE_OFFICES,
    "/manage/people/1/roles/1/taken": Verb.MANAGE_OFFICES,
    "/manage/people/1/account": Verb.MANAGE_OFFICES,
    "/manage/people/1/password": Verb.LET_IN,
    "/manage/people/1/sessions": Verb.LET_IN,
    "/manage/people/1/second-step": Verb.MANAGE_OFFICES,
    "/requests/CODE/data/correct": Verb.CORRECT_DATA,
    "/requests/CODE/data/object": Verb.CORRECT_DATA,
    "/requests/CODE/data/objections/1": Verb.DECIDE_OBJECTION,
    "/requests/CODE/data/copy": Verb.COPY_DATA,
    "/requests/CODE/data/hold": Verb.HOLD_DATA,
    "/manage/retention/count": Verb.HOLD_DATA,
    "/manage/retention/holds/1/lifted": Verb.HOLD_DATA,
}
OPEN = {"khqr_notice", "lock", "second_step", "sign_in", "sign_out", "switch"}
OWN = {
    *("account_news", "add_application", "add_passkey", "change_password", "end_sessions"),
    *("recovery_codes", "remove_factor", "renew_codes", "security", "used"),
    *("choose_pin", "device", "drop_pin"),
}
JOB = "0f9d3c1e-58c5-4a75-9d1c-3f0a7f1f7a11"
# The role may finish stages, only not this one.
NOT_YOURS = "This stage is for another role"
NOT_INCLUDED = "Your role does not include this"
STAFF_ROLES = [role for role in Role if not role.startswith("ministry") and role != Role.AGENT]


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


@pytest.mark.parametrize("urlconf", ["owso.urls_public", "owso.urls_tenant"])
def test_every_view_declares_its_access(urlconf):
    views = [pattern.callback for pattern in patterns(get_resolver(urlconf))]
    undeclared = [
        f"{view.__module__}.{view.__qualname__}"
        for view in views
        if not hasattr(view, "access") and not hasattr(view, "cls")
    ]
    assert len(views) > 4
    assert undeclared == []


def test_the_lists_name_every_page_that_needs_a_verb_and_the_verb_it_declares():
    """The rule of a page is written twice, on the view and here; both must agree."""
    listed = {}
    for path, verb in (PAGES | FORMS).items():
        address = path.replace("CODE", "01-ABCDE-FGHJK-M").replace("JOB", JOB)
        listed[resolve(address, "owso.urls_tenant").func] = verb
    views = [pattern.callback for pattern in patterns(get_resolver("owso.urls_tenant"))]
    declared = {view: view.access for view in views if isinstance(view.access, Verb)}
    assert [view.__qualname__ for view in declared if view not in listed] == []
    assert listed == {view: declared.get(view) for view in listed}


def test_without_a_verb_stand_only_signing_in_and_what_concerns_oneself():
    found: dict[str, set[str]] = {"public": set(), "signed_in": set()}
    for pattern in patterns(get_resolver("owso.urls_tenant")):
        kind = pattern.callback.access
        if isinstance(kind, str) and kind in found:
            found[kind].add(pattern.name)
    assert found == {"public": OPEN, "signed_in": OWN}


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_each_role_opens_its_pages_and_no_others(sign_in, role):
    request = RequestFactory()
    browser = sign_in(staff(role))
    for path, verb in (PAGES | FORMS).items():
        address = path.replace("CODE", format_code(request.tracking_code)).replace("JOB", JOB)
        response = browser.post(address) if path in FORMS else browser.get(address)
        is_denied = response.status_code == 403 and NOT_YOURS not in text_of(response)
        assert is_denied == (verb not in TABLE[role]), (role, path, response.status_code)


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_each_role_calls_its_methods_of_the_interface_and_no_others(sign_in, role):
    """Made of the addresses themselves: a new one is asked as soon as it is there."""
    code = format_code(RequestFactory().tracking_code)
    browser, asked = sign_in(staff(role)), 0
    for pattern in patterns(get_resolver("api.urls_tenant")):
        arguments = {"code": code, "number": "R-1"}
        wanted = {name: arguments[name] for name in pattern.pattern.converters}
        if pattern.name != "api_requests":
            wanted["code"] = code
        address = reverse(pattern.name, "owso.urls_tenant", kwargs=wanted)
        for method, verb in pattern.callback.cls.verbs.items():
            response = browser.get(address) if method == "GET" else browser.post(address)
            is_denied = NOT_INCLUDED in text_of(response)
            assert is_denied == (verb not in TABLE[role]), (role, method, address)
            asked += 1
    assert asked > 12


def test_somebody_without_a_role_sees_nothing(sign_in):
    browser = sign_in(staff())
    assert browser.get("/").status_code == 403
    assert browser.get("/requests/new").status_code == 403
