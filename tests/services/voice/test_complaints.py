"""Complaints: taken, answered by the citizens' office alone, with a clock of their own."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from owso.accounts.permissions import Role
from owso.audit.models import AuditEntry
from owso.errors import Conflict, Invalid, InvalidTransition, NotFound
from services.calendars.deadlines import add_working_days
from services.catalogue.models import Sector
from services.documents import storing
from services.offices.calendars import calendar_of
from services.voice import actions, queries
from services.voice.actions import Grievance
from services.voice.kinds import ComplaintOutcome, VoiceLimits
from services.voice.models import Complaint, ComplaintWord
from tests import factories
from tests.factories import MONDAY
from tests.services.documents.scans import picture as photo

TEXT = "មន្ត្រីទារប្រាក់ដោយគ្មានបង្កាន់ដៃ <script>alert(1)</script>"
CONTACT = "សុខ ដារ៉ា 012 999 888"


def complaint(**changes):
    return actions.complain(Grievance(**{"text": TEXT, "about": "fee"} | changes), now=MONDAY)


def answered(found, outcome, *, by, now=None, text="យើងនឹងពិនិត្យរឿងនេះ"):
    return actions.answer_complaint(
        found.pk,
        by=by,
        outcome=outcome,
        text=text,
        seen_version=found.version,
        now=now or MONDAY + timedelta(days=1),
    )


@pytest.fixture
def ombudsman(province):
    return factories.staff(Role.OMBUDSMAN)


def test_a_complaint_is_sealed_and_says_who_wrote_it_only_if_they_wished(province):
    request = factories.RequestFactory(in_progress=True)
    linked = complaint(tracking_code=request.tracking_code, contact=CONTACT)
    free = complaint()
    assert (linked.request_id, linked.office_id) == (request.pk, request.office_id)
    assert (free.request_id, free.office_id, free.contact_sealed) == (None, None, None)
    assert queries.contact_of(linked) == CONTACT
    assert [word.text for word in queries.words_of(linked)] == [TEXT]
    with connection.cursor() as cursor:
        for table in ("voice_complaint", "voice_complaintword", "audit_auditentry"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ''), '') FROM {table} t")
            kept = cursor.fetchone()[0]
            assert "ដារ៉ា 012" not in kept
            assert "script" not in kept
    trails = AuditEntry.objects.filter(verb="complain")
    assert {(each.actor_name, each.actor_id, each.address) for each in trails} == {
        ("citizen", None, "")
    }


def test_the_clock_is_ten_working_days_of_the_provinces_unit(province):
    calendar = calendar_of(factories.unit())
    found = complaint()
    assert found.due_at == add_working_days(MONDAY, VoiceLimits.ANSWER_DAYS, calendar)
    assert not found.is_late(found.due_at)
    assert found.is_late(found.due_at + timedelta(seconds=1))


def test_asking_the_citizen_stops_the_clock_and_their_answer_starts_it_again(province, ombudsman):
    found = complaint()
    due_at = found.due_at
    asked = answered(found, ComplaintOutcome.MORE_INFORMATION, by=ombudsman)
    assert asked.is_waiting
    assert not asked.is_late(due_at + timedelta(days=90))
    again = actions.add_information(found.code, TEXT, now=MONDAY + timedelta(days=3))
    assert not again.is_waiting
    # Two working days were waited for.
    assert (again.due_at - due_at).days == 2
    with pytest.raises(InvalidTransition) as error:
        actions.add_information(found.code, TEXT, now=MONDAY + timedelta(days=4))
    assert error.value.code == "nothing_asked"


@pytest.mark.parametrize("outcome", ComplaintOutcome)
def test_each_of_the_four_outcomes_is_said_and_two_of_them_close(province, ombudsman, outcome):
    found = answered(complaint(), outcome, by=ombudsman)
    assert found.is_closed == (outcome in {"resolved", "not_in_jurisdiction"})
    said = queries.words_of(found)[-1]
    assert (said.outcome, said.text) == (outcome, "យើងនឹងពិនិត្យរឿងនេះ")
    assert queries.outcome_counts(MONDAY.date(), MONDAY.date()) == {outcome: 1}
    if found.is_closed:
        with pytest.raises(InvalidTransition) as error:
            answered(found, outcome, by=ombudsman)
        assert error.value.code == "complaint_closed"


def test_of_two_who_answer_at_once_the_second_is_told(province, ombudsman):
    found = complaint()
    seen_version = found.version
    answered(found, ComplaintOutcome.IN_JURISDICTION, by=ombudsman)
    with pytest.raises(Conflict) as error:
        actions.answer_complaint(
            found.pk,
            by=factories.staff(Role.OMBUDSMAN),
            outcome="resolved",
            text=TEXT,
            seen_version=seen_version,
        )
    assert error.value.code == "complaint_moved_on"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OMBUDSMAN])
def test_nobody_but_the_citizens_office_reads_or_answers(province, role):
    found = complaint()
    actor = factories.staff(role, sector_id=Sector.objects.first().pk)
    assert not queries.complaints_for(actor).exists()
    with pytest.raises(NotFound):
        answered(found, "resolved", by=actor)


def test_what_cannot_be_taken_is_said_and_nothing_is_kept(province, ombudsman):
    for changes, field in (
        ({"text": "ខ្លី"}, "text"),
        ({"text": "\u200b" * 50}, "text"),
        ({"text": "ក" * (VoiceLimits.TEXT_MAX + 1)}, "text"),
        ({"about": "weather"}, "about"),
        ({"files": [("a.jpg", photo())] * 4}, "files"),
        ({"files": [("a.jpg", photo()), ("b.jpg", b"no picture")]}, "file"),
    ):
        with pytest.raises(Invalid) as error:
            complaint(**changes)
        assert list(error.value.fields) == [field]
    with pytest.raises(NotFound):
        complaint(tracking_code="0100000000000")
    assert not Complaint.objects.exists()
    found = complaint()
    with pytest.raises(Invalid) as error:
        answered(found, "perhaps", by=ombudsman)
    assert error.value.code == "outcome_unknown"
    with pytest.raises(NotFound):
        actions.add_information("0100000000000000000", TEXT)


def test_files_are_checked_and_lie_sealed(province, ombudsman):
    found = complaint(files=[("slip.jpg", photo())])
    kept = found.files.get()
    assert queries.content_of(queries.file_of(found, kept.pk))[:2] == b"\xff\xd8"
    with pytest.raises(NotFound):
        queries.file_of(complaint(), kept.pk)
    storing.discard(kept.file_name)


def test_a_late_complaint_is_escalated_once_and_an_answered_one_never(province, ombudsman):
    late, waiting, closed = complaint(), complaint(), complaint()
    answered(waiting, ComplaintOutcome.MORE_INFORMATION, by=ombudsman)
    answered(closed, ComplaintOutcome.RESOLVED, by=ombudsman)
    long_after = MONDAY + timedelta(days=60)
    assert actions.escalate_late_complaints(late.due_at) == 0
    assert queries.late_count(long_after) == 1
    assert actions.escalate_late_complaints(long_after) == 1
    assert actions.escalate_late_complaints(long_after) == 0
    late.refresh_from_db()
    assert late.escalated_at == long_after
    assert AuditEntry.objects.filter(verb="escalate_complaint").count() == 1


def test_the_database_refuses_what_the_rules_refuse(province, ombudsman):
    found = complaint()
    answered(found, ComplaintOutcome.IN_JURISDICTION, by=ombudsman)
    for change in (
        {"outcome": "resolved"},
        {"outcome": "perhaps"},
        {"about": "weather"},
        {"waiting_since": MONDAY},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Complaint.objects.filter(pk=found.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        ComplaintWord.objects.update(text_sealed=b"")
