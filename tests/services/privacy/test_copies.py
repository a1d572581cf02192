"""A person gets everything that is kept about them, and nobody else gets any of it."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.db import connection

from owso.audit.models import AccessEntry, AuditEntry
from owso.errors import Invalid, NotAllowed, NotFound
from services.privacy.actions import dispose, give_copy, take_copy
from services.privacy.actions.copying import VALID_FOR
from services.privacy.models import DataCopy, Proof
from services.requests.codes import format_code
from services.requests.models import Applicant, ServiceRequest
from services.web.privacy.printing import pdf_of
from tenants import clock
from tenants.context import portal_of
from tests.factories import ApplicantDetailsFactory, IntakeFactory, RequestFactory, staff
from tests.services.documents.conftest import files_below
from tests.services.privacy.conftest import LATIN, NAME, PAPER, PHONE, SYSTEM, full_file, someone

SHOWN = {"id_kind": "national_id", "id_number": PAPER}


@pytest.fixture
def chief(province):
    return staff("chief")


def given(request, by, **paper):
    return give_copy(request.pk, by=by, printed=pdf_of, **{**SHOWN, **paper})


def fetched(province, code):
    with portal_of(province):
        return take_copy(code)


def aged(copy, ago):
    """Let a copy have been made and fetched that long ago."""
    DataCopy.objects.filter(pk=copy.pk).update(
        made_at=clock.now() - ago - VALID_FOR, fetched_at=clock.now() - ago
    )


def test_the_copy_holds_everything_about_the_person_and_who_looked(province, chief):
    request, other = full_file(), someone()
    # The same phone is no proof of the same person.
    stranger = ApplicantDetailsFactory(full_name="ជនចម្លែក", phone=PHONE, id_number="111222333")
    RequestFactory(intake=IntakeFactory(applicant=stranger))
    made = given(request, chief)

    package = zipfile.ZipFile(io.BytesIO(fetched(province, made.code)))
    data = json.loads(package.read("data.json"))
    text = json.dumps(data, ensure_ascii=False)
    for planted in (
        NAME, PAPER, "+85598765432", f"{LATIN} note", f"{NAME} draft", f"{LATIN}!", "សុខ ដារ៉ា",
        f"{LATIN} left", f"{LATIN} money", f"{LATIN} acting", format_code(other.tracking_code),
        "2026-1",
    ):  # fmt: skip
        assert planted in text, planted
    assert "ជនចម្លែក" not in text
    readings = next(part for part in data["parts"] if part["name"] == "readings")
    assert len(readings["facts"]) == 2  # this very copy: it read both requests
    assert package.read("data.pdf").startswith(b"%PDF-1.7")
    assert made.copy.proof == Proof.MATCHED
    reads = AccessEntry.objects.filter(actor_id=chief.user_id, detail="copy")
    assert {entry.request_id for entry in reads} == {request.pk, other.pk}
    entry = AuditEntry.objects.get(verb="give_copy")
    assert entry.changes["requests"] == 2
    assert NAME not in str(entry.changes)


def test_the_code_opens_the_copy_once_and_for_a_broken_line_ten_minutes(province, chief, media):
    made = given(someone(), chief)
    assert fetched(province, made.code) == fetched(province, made.code)
    aged(made.copy, timedelta(minutes=9))
    assert fetched(province, made.code) is not None
    aged(made.copy, timedelta(minutes=11))
    assert fetched(province, made.code) is None


def test_an_expired_copy_opens_no_more_and_is_removed_with_its_file(province, chief, media):
    made = given(someone(), chief)
    past = clock.now() - timedelta(days=1, minutes=1)
    DataCopy.objects.update(made_at=past - VALID_FOR, expires_at=past)
    assert fetched(province, made.code) is None
    assert len(files_below(media)) == 1
    assert dispose(by=SYSTEM).report["copies"]["taken"] == 1
    assert files_below(media) == []
    assert (DataCopy.objects.get().file_name, DataCopy.objects.get().code_hash) == ("", None)
    assert dispose(by=SYSTEM).report["copies"]["taken"] == 0


def test_neither_the_database_nor_the_disk_nor_the_master_key_opens_a_copy(province, chief, media):
    made = given(someone(), chief)
    content = files_below(media)[0].read_bytes()
    assert NAME.encode() not in content
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t)::text FROM privacy_datacopy t")
        row = cursor.fetchone()[0]
    assert made.code not in row
    assert made.code[2:-1] not in row


def test_another_number_or_a_missing_right_gives_nothing(province, chief):
    request = someone()
    with pytest.raises(Invalid) as refused:
        given(request, chief, id_number="123123123")
    assert refused.value.code == "not_the_person"
    with pytest.raises(Invalid) as refused:
        given(request, chief, id_kind="", id_number="")
    assert set(refused.value.fields) == {"id_kind", "id_number"}
    with pytest.raises(NotAllowed):
        given(request, staff("information_officer"))
    with pytest.raises(NotFound):
        give_copy(0, by=chief, printed=pdf_of, **SHOWN)
    assert not DataCopy.objects.exists()
    assert not AccessEntry.objects.exists()


def test_without_a_number_on_file_the_paper_that_was_seen_is_recorded(province, chief):
    request = someone()
    Applicant.objects.update(id_hash=None, id_sealed=None, id_kind="")
    assert given(request, chief).copy.proof == Proof.SEEN
    assert ServiceRequest.objects.count() == 1


def test_somebody_of_whom_nothing_is_kept_gets_no_copy(province, chief):
    request = full_file()
    dispose(by=SYSTEM)
    with pytest.raises(Invalid, match="nobody_on_file"):
        given(request, chief)
