"""What one types into a form of a file is kept until it is sent, for oneself alone."""

from datetime import timedelta

import pytest

from owso.accounts.permissions import Role
from owso.audit.models import AuditEntry
from services.catalogue.queries import terms
from services.desk.actions import drop_unsent, keep_unsent
from services.desk.actions.drafts import drop_expired
from services.desk.models import UnsentText
from services.desk.queries import unsent_of
from services.requests.codes import format_code
from tenants import clock
from tests.factories import RequestFactory, advanced_to, staff
from tests.services.web.conftest import _fresh_limits, sign_in, text_of

__all__ = ["_fresh_limits", "sign_in"]
WORDS = "ឯកសារត្រឹមត្រូវ"


@pytest.fixture
def found(province):
    return RequestFactory(started=clock.now() - timedelta(hours=2))


def test_words_are_kept_once_sealed_and_for_three_days(found):
    by, other, now = staff(Role.CHIEF), staff(Role.CHIEF), clock.now()
    for text in ("ឯក", WORDS):
        keep_unsent(found, "note", {"text": [text]}, by=by, now=now)
    row = UnsentText.objects.get()
    assert WORDS.encode() not in bytes(row.content_sealed)
    assert unsent_of(by, found.pk)["note"].content == {"text": [WORDS]}
    assert unsent_of(other, found.pk) == {}
    assert AuditEntry.objects.filter(verb="begin_text").count() == 1
    assert WORDS not in str(AuditEntry.objects.values_list("changes", flat=True))
    assert drop_expired(row.expires_at - timedelta(seconds=1)) == 0
    assert drop_expired(now + timedelta(days=3)) == 1


def test_words_taken_out_again_or_sent_are_forgotten(found):
    by = staff(Role.CHIEF)
    keep_unsent(found, "note", {"text": [WORDS]}, by=by)
    assert keep_unsent(found, "note", {"text": [" "]}, by=by) is None
    keep_unsent(found, "note", {"text": [WORDS]}, by=by)
    drop_unsent(found.pk, "note", by=staff(Role.CHIEF))
    assert UnsentText.objects.count() == 1
    drop_unsent(found.pk, "note", by=by)
    assert not UnsentText.objects.exists()


def test_the_page_of_a_file_puts_back_what_was_not_sent(sign_in, found):
    sector_id = terms(found.service_version_id).sector_id
    agent = sign_in(staff(Role.AGENT, sector_id=sector_id))
    here = f"/requests/{format_code(found.tracking_code)}"
    advanced_to(found.pk, "draft")
    for form, name in (("note", "text"), ("draft", "body"), ("ask_opinion", "question")):
        kept = agent.post(f"{here}/unsent", {"unsent": form, name: f"{WORDS} {form}"})
        assert kept.status_code == 204
    page = text_of(agent.get(here))
    for form in ("note", "draft", "ask_opinion"):
        assert f"{WORDS} {form}" in page
    assert page.count("did not send it yet") == 3
    agent.post(f"{here}/note", {"text": f"{WORDS} note"})
    page = text_of(agent.get(here))
    assert page.count("did not send it yet") == 2
    assert agent.post(f"{here}/unsent", {"unsent": "pay", "tendered": "5"}).status_code == 204
    assert agent.post(f"{here}/unsent", {"unsent": "answer-x", "answer": "5"}).status_code == 204
    assert UnsentText.objects.count() == 2
    stranger = sign_in(staff(Role.CASHIER, office_id=found.office_id + 1))
    assert stranger.post(f"{here}/unsent", {"unsent": "note", "text": "x"}).status_code == 404
