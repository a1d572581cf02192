"""Corrections and objections are on record, and what was decided holds."""

import hashlib
from datetime import date

import pytest

from owso.audit.models import AuditEntry
from owso.errors import (
    AlreadyDone,
    Conflict,
    Invalid,
    InvalidTransition,
    NotAllowed,
    NotFound,
)
from services.casework.actions import write_note
from services.desk.applicants import find_applicants
from services.privacy import notice
from services.privacy.actions import (
    correct_applicant,
    decide_objection,
    dispose,
    record_objection,
)
from services.privacy.models import Correction, Objection
from services.privacy.queries import corrected_at, is_restricted, requests_of_person
from services.requests.models import Applicant, ServiceRequest
from tenants import sealing
from tests.factories import RequestFactory, district_office, staff
from tests.services.privacy.conftest import NAME, PHONE, SYSTEM, full_file, someone

WHY = {"reason": "អក្ខរាវិរុទ្ធខុស", "evidence": "អត្តសញ្ញាណប័ណ្ណ"}


@pytest.fixture
def clerk(province):
    return staff("information_officer")


@pytest.fixture
def chief(province):
    return staff("chief")


def test_a_corrected_name_is_found_and_both_values_are_kept_out_of_the_trail(clerk):
    request = someone()
    correct_applicant(request.pk, by=clerk, field="full_name", value=" ចាន់ ធីតា ", **WHY)
    applicant = Applicant.objects.get()
    assert applicant.full_name == "ចាន់ ធីតា"
    found = find_applicants(clerk, office_id=district_office(), name="ចាន់ ធីតា")
    assert [known.id for known in found] == [applicant.pk]
    correction = Correction.objects.get()
    assert sealing.unseal(bytes(correction.before_sealed)) == NAME
    assert sealing.unseal(bytes(correction.after_sealed)) == "ចាន់ ធីតា"
    entry = AuditEntry.objects.get(verb="correct_data")
    assert entry.changes["field"] == "full_name"
    assert "ចាន់" not in str(entry.changes)
    assert corrected_at(request) is not None
    before = request.version
    request.refresh_from_db()
    assert request.version == before + 1


def test_a_corrected_phone_opens_what_the_old_one_opened_and_an_empty_one_is_removed(clerk):
    request = someone()
    fix = {"by": clerk, "field": "phone", **WHY}
    correct_applicant(request.pk, value="011 222 333", **fix)
    applicant = Applicant.objects.get()
    assert sealing.unseal(bytes(applicant.phone_sealed)) == "+85511222333"
    assert bytes(applicant.phone_last4_hash) == sealing.keyed_hash("last4:2333")
    assert find_applicants(clerk, office_id=district_office(), phone=PHONE) == ()
    assert len(find_applicants(clerk, office_id=district_office(), phone="011222333")) == 1
    correct_applicant(request.pk, value="", **fix)
    applicant.refresh_from_db()
    assert applicant.phone_sealed is applicant.phone_hash is applicant.phone_last4_hash is None


def test_a_correction_needs_something_new_a_reason_and_a_paper(clerk):
    request = someone()

    def refused(**typed):
        values = {"field": "full_name", "value": "ថ្មី", **WHY, **typed}
        with pytest.raises(Invalid) as error:
            correct_applicant(request.pk, by=clerk, **values)
        return set(error.value.fields)

    assert refused(value=NAME) == {"value"}
    assert refused(value="") == {"value"}
    assert refused(field="phone", value="12") == {"value"}
    assert refused(field="id_number") == {"field"}
    assert refused(reason=" ", evidence="") == {"reason", "evidence"}
    with pytest.raises(NotAllowed):
        correct_applicant(request.pk, by=staff("cashier"), field="full_name", value="ថ្មី", **WHY)
    elsewhere = staff("information_officer", office_id=district_office(1))
    with pytest.raises(NotFound):
        correct_applicant(request.pk, by=elsewhere, field="full_name", value="ថ្មី", **WHY)
    assert not Correction.objects.exists()


def test_nobody_is_corrected_of_whom_nothing_is_kept(clerk):
    request = full_file()
    dispose(by=SYSTEM)
    with pytest.raises(InvalidTransition):
        correct_applicant(request.pk, by=clerk, field="full_name", value="ថ្មី", **WHY)
    for write in (
        lambda: record_objection(request.pk, by=clerk, against="reuse", grounds="ទេ"),
        lambda: write_note(request.pk, text="បន្ថែម", by=clerk),
    ):
        with pytest.raises(InvalidTransition, match="file_disposed"):
            write()


def test_an_upheld_objection_restricts_and_a_refused_one_does_not(clerk, chief):
    request, other = someone(), RequestFactory()
    for found, is_upheld in ((request, True), (other, False)):
        objection = record_objection(found.pk, by=clerk, against="messages", grounds="កុំផ្ញើ")
        assert not is_restricted(found, Objection.Against.MESSAGES)
        decide_objection(objection.pk, by=chief, is_upheld=is_upheld, reason="ស្តាប់បាន")
        assert is_restricted(found, Objection.Against.MESSAGES) == is_upheld
    verbs = AuditEntry.objects.filter(object_id=str(request.pk)).values_list("verb", flat=True)
    assert {"record_objection", "decide_objection"} <= set(verbs)


def test_whoever_objects_to_being_found_again_is_not_found(clerk, chief):
    request = someone()
    asked = {"office_id": district_office(), "phone": PHONE}
    objection = record_objection(request.pk, by=clerk, against="reuse", grounds="កុំរក")
    assert len(find_applicants(clerk, **asked)) == 1
    decide_objection(objection.pk, by=chief, is_upheld=True, reason="ស្តាប់បាន")
    assert find_applicants(clerk, **asked) == ()
    assert find_applicants(clerk, office_id=district_office(), name=NAME) == ()


def test_an_objection_waits_once_and_is_decided_once_with_a_reason(clerk, chief):
    request = someone()
    objection = record_objection(request.pk, by=clerk, against="messages", grounds="កុំផ្ញើ")
    with pytest.raises(Conflict):
        record_objection(request.pk, by=clerk, against="messages", grounds="ម្តងទៀត")
    with pytest.raises(Invalid) as refused:
        record_objection(request.pk, by=clerk, against="weather", grounds="")
    assert set(refused.value.fields) == {"against", "grounds"}
    with pytest.raises(NotAllowed):
        decide_objection(objection.pk, by=clerk, is_upheld=True, reason="x")
    with pytest.raises(Invalid):
        decide_objection(objection.pk, by=chief, is_upheld=True, reason=" ")
    decide_objection(objection.pk, by=chief, is_upheld=False, reason="ចាំបាច់")
    with pytest.raises(AlreadyDone):
        decide_objection(objection.pk, by=chief, is_upheld=True, reason="ប្តូរចិត្ត")
    with pytest.raises(NotFound):
        decide_objection(0, by=chief, is_upheld=True, reason="x")
    record_objection(request.pk, by=clerk, against="messages", grounds="លើកទីពីរ")


def test_a_person_is_who_has_the_same_paper_not_the_same_phone(province):
    first, second, stranger = someone(), someone(), RequestFactory()
    assert {each.pk for each in requests_of_person(first)} == {first.pk, second.pk}
    assert {each.pk for each in requests_of_person(stranger)} == {stranger.pk}


def test_the_day_of_registration_says_which_notice_held(province):
    request = RequestFactory()
    assert notice.version_of(request).name == "2026-1"
    assert notice.version_on(date(2031, 1, 1)) is notice.NEWEST
    ServiceRequest.objects.filter(pk=request.pk).update(source="old", source_ref="1")
    request.refresh_from_db()
    assert notice.version_of(request) is None


def test_a_changed_notice_is_a_new_version():
    """Add a version with its first day; the words of an older one never change."""
    from django.utils import translation

    said = {}
    with translation.override("en"):
        for version in notice.VERSIONS.values():
            lines = [str(version.short)]
            for question, answers in version.answers:
                lines += [str(question), *map(str, answers)]
            said[version.name] = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
    assert said == {"2026-1": "ab1235797249"}
