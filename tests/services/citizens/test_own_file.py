"""The portal's role reads a file with code and digits together, and nothing with one of them."""

import pytest
from django.db import ProgrammingError, connection, transaction
from psycopg import sql

from owso.audit.models import Reading
from services.casework.actions import sign_outcome
from services.citizens.files import digits_hash, own_file
from services.requests.accesses import Read, record_reads
from services.requests.codes import new_code
from services.requests.khmer import mask
from services.requests.models import Applicant
from tenants.context import as_national, as_portal, in_province, portal_of
from tests.factories import (
    ApplicantDetailsFactory,
    IntakeFactory,
    RequestFactory,
    advanced_to,
    staff,
)

NAMES = ["សុខ ដារ៉ា", "ស្រី  ពៅ", "ខ្ញុំ", "Sok Dara", "ចាន់\u200bណា ឧត្តម", "é X", "឴ក", "𝒜b", "ស្ត្រី-ង"]


def file_of(province, code, digits="5678"):
    with as_portal():
        return own_file(code, digits_hash(province, digits), schema_name=province.schema_name)


def test_code_and_digits_together_open_the_file(province):
    request = RequestFactory(in_progress=True)
    found = file_of(province, request.tracking_code)
    assert found.name == mask(request.applicant.full_name)
    assert [paper.is_handed_in for paper in found.papers] == [True] * len(found.papers)
    assert found.fee_riel == found.payments[0].amount_riel == 5_000
    assert found.payments[0].receipt.endswith("-000001")
    assert found.documents == ()


def test_wrong_digits_an_unknown_code_and_no_phone_answer_alike(province):
    request = RequestFactory()
    assert file_of(province, request.tracking_code, "5679") is None
    assert file_of(province, new_code("01")) is None
    nobody = RequestFactory(intake=IntakeFactory(applicant=ApplicantDetailsFactory(phone="")))
    assert file_of(province, nobody.tracking_code) is None
    assert file_of(province, nobody.tracking_code, "") is None


def test_a_phone_shared_by_two_applicants_opens_to_each_code_its_own_file(province):
    one, other = RequestFactory(), RequestFactory()
    assert one.applicant_id != other.applicant_id
    assert file_of(province, one.tracking_code).payments[0].number == 1
    assert file_of(province, other.tracking_code).payments[0].number == 2


def test_the_neighbours_hash_opens_nothing(province, neighbour):
    request = RequestFactory()
    with as_portal():
        hashed = digits_hash(neighbour, "5678")
        assert own_file(request.tracking_code, hashed, schema_name="p01") is None


def test_names_are_masked_as_lists_mask_them(province):
    applicant = Applicant.objects.get(pk=RequestFactory().applicant_id)
    code = applicant.requests.get().tracking_code
    for name in NAMES:
        Applicant.objects.filter(pk=applicant.pk).update(full_name=name)
        assert file_of(province, code).name == mask(name), name


def test_every_reading_by_staff_is_there_with_office_and_role(province):
    request, chief, clerk = RequestFactory(), staff("chief"), staff("information_officer")
    record_reads(chief, [Read(request, Reading.FILE)] * 2)
    record_reads(clerk, [Read(request, Reading.SLIP)])
    record_reads(chief, [Read(RequestFactory(), Reading.FILE)])
    found = file_of(province, request.tracking_code).readings
    told = {(each.kind, each.role, each.times) for each in found}
    assert told == {("file", "chief", 2), ("slip", "information_officer", 1)}
    assert {each.office_en for each in found} == {"OWSO Srok Mongkol Borey"}


def test_a_signed_document_is_named_with_its_proof(province):
    request = advanced_to(RequestFactory().pk, "sign")
    signed = sign_outcome(request.pk, by=staff("signatory"))
    (found,) = file_of(province, request.tracking_code).documents
    assert found.token == signed.token
    assert found.number == f"0102/{signed.year}/000001"


def call(province):
    function = sql.Identifier(province.schema_name, "own_file")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {}('x', '')").format(function).as_string(None))
        return cursor.fetchone()


def test_nobody_but_the_portal_may_call_the_function(province, neighbour):
    for enter in (in_province(province), in_province(neighbour), as_national()):
        with enter, pytest.raises(ProgrammingError, match="permission denied"):
            call(province)
    with portal_of(province):
        assert call(province) == (None,)
