"""Default deny: every address of both hosts declares who may open it, and keeps to it."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

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
    "/manage/people": Verb.MANAGE_OFFICES,
    "/manage/people/new": Verb.MANAGE_OFFICES,
    "/manage/people/1": Verb.MANAGE_OFFICES,
    "/manage/reminders": Verb.MANAGE_OFFICES,
    "/requests/CODE/outcome.pdf": Verb.PRINT_OUTCOME,
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
}
JOB = "0f9d3c1e-58c5-4a75-9d1c-3f0a7f1f7a11"
# The role may finish stages, only not this one.
NOT_YOURS = "This stage is for another role"
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


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_each_role_opens_its_pages_and_no_others(sign_in, role):
    request = RequestFactory()
    browser = sign_in(staff(role))
    for path, verb in (PAGES | FORMS).items():
        address = path.replace("CODE", format_code(request.tracking_code)).replace("JOB", JOB)
        response = browser.post(address) if path in FORMS else browser.get(address)
        is_denied = response.status_code == 403 and NOT_YOURS not in text_of(response)
        assert is_denied == (verb not in TABLE[role]), (role, path, response.status_code)


def test_somebody_without_a_role_sees_nothing(sign_in):
    browser = sign_in(staff())
    assert browser.get("/").status_code == 403
    assert browser.get("/requests/new").status_code == 403
