"""Documents are attached by those who may, stay, and lie sealed on the disk."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from owso.accounts.permissions import Role
from owso.audit.models import AuditEntry
from owso.errors import AlreadyDone, Invalid, InvalidTransition, NotAllowed, NotFound, Unavailable
from services.catalogue.queries import terms
from services.documents.attaching import attach_document, withdraw_document
from services.documents.kinds import DocumentLimits
from services.documents.models import Document
from services.documents.queries import content_of, document_of, documents_of
from tests.factories import IntakeFactory, RequestFactory, district_office, staff
from tests.services.documents.conftest import files_below
from tests.services.documents.scans import pdf, picture

CONTENT = pdf(b"/Title (SECRET-WORDS) ")


@pytest.fixture
def clerk(province):
    return staff(Role.INFORMATION_OFFICER)


@pytest.fixture
def request_(province):
    return RequestFactory(in_progress=True)


def attach(request, by, content=CONTENT, **more):
    return attach_document(request.pk, by=by, name="scan.pdf", content=content, **more)


def test_a_document_is_kept_with_who_attached_it_for_which_paper(clerk, request_):
    paper_id = terms(request_.service_version_id).documents[0].id
    document = attach(request_, clerk, paper_id=paper_id)
    assert (document.paper_id, document.attached_by_id) == (paper_id, clerk.user_id)
    assert content_of(document) == CONTENT
    entry = AuditEntry.objects.get(verb="attach_document")
    assert entry.object_id == str(request_.pk)
    assert entry.changes["document"] == document.pk


def test_nothing_on_the_disk_can_be_read_or_guessed(clerk, request_, media):
    document = attach(request_, clerk)
    (path,) = files_below(media)
    assert path.is_relative_to(media / "p01")
    on_disk = path.read_bytes()
    for word in (b"SECRET-WORDS", b"%PDF", b"Catalog"):
        assert word not in on_disk
    assert request_.tracking_code not in str(path)
    assert "scan" not in document.file_name
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damage", ["altered", "cut", "swapped", "lost"])
def test_a_file_tampered_with_is_not_shown(clerk, request_, media, damage):
    document, other = attach(request_, clerk), attach(request_, clerk, pdf(b"/Other 1 "))
    path, theirs = media / "p01" / document.file_name, media / "p01" / other.file_name
    content = path.read_bytes()
    if damage == "altered":
        path.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
    elif damage == "cut":
        path.write_bytes(content[:-1])
    elif damage == "swapped":
        path.write_bytes(theirs.read_bytes())
    else:
        path.unlink()
    with pytest.raises(Unavailable) as caught:
        content_of(document)
    assert caught.value.code == "document_altered"


def test_a_refused_file_leaves_nothing_behind(clerk, request_, media):
    with pytest.raises(Invalid):
        attach(request_, clerk, picture())
    assert Document.objects.count() == 0
    assert files_below(media) == []


@pytest.mark.parametrize("place", [1, None])
def test_another_office_and_an_unknown_request_are_the_same_not_found(request_, place):
    stranger = staff(Role.CHIEF, office_id=district_office(1))
    request_id = request_.pk if place else 999_999
    with pytest.raises(NotFound):
        attach_document(request_id, by=stranger, name="scan.pdf", content=CONTENT)


def test_who_may_only_look_may_not_attach_or_withdraw(clerk, request_):
    cashier = staff(Role.CASHIER)
    with pytest.raises(NotAllowed):
        attach(request_, cashier)
    document = attach(request_, clerk)
    with pytest.raises(NotAllowed):
        withdraw_document(document.pk, by=cashier, reason="unreadable")


@pytest.mark.parametrize("trait", ["delivered", "rejected", "withdrawn"])
def test_nothing_is_attached_to_a_closed_request(clerk, trait):
    with pytest.raises(InvalidTransition):
        attach(RequestFactory(**{trait: True}), clerk)


def test_a_paper_of_another_service_is_refused(clerk, request_):
    with pytest.raises(Invalid) as caught:
        attach(request_, clerk, paper_id=999_999)
    assert caught.value.code == "paper_unknown"


def test_a_request_takes_so_many_documents_and_no_more(clerk, request_, media):
    one = attach(request_, clerk)
    rows = [
        Document(
            request=request_, kind=one.kind, size_bytes=1, file_name=str(uuid4()),
            key_sealed=b"x", digest=b"x",
        )
        for _ in range(DocumentLimits.ON_ONE_REQUEST - 2)
    ]  # fmt: skip
    Document.objects.bulk_create(rows)
    attach(request_, clerk)
    before = len(files_below(media))
    with pytest.raises(Invalid) as caught:
        attach(request_, clerk)
    assert caught.value.code == "too_many_documents"
    assert len(files_below(media)) == before


def test_a_withdrawn_document_keeps_its_row_and_is_not_shown(clerk, request_, media):
    document = attach(request_, clerk)
    withdraw_document(document.pk, by=clerk, reason="wrong_request")
    (row,) = documents_of(request_)
    assert (row.is_withdrawn, row.withdrawn_by_id) == (True, clerk.user_id)
    assert row.withdrawal_reason == "wrong_request"
    assert len(files_below(media)) == 1
    with pytest.raises(NotFound):
        document_of(request_, document.pk)
    entry = AuditEntry.objects.get(verb="withdraw_document")
    assert entry.changes["reason"] == "wrong_request"
    with pytest.raises(AlreadyDone):
        withdraw_document(document.pk, by=clerk, reason="unreadable")


def test_a_withdrawal_needs_one_of_the_reasons(clerk, request_):
    document = attach(request_, clerk)
    with pytest.raises(Invalid):
        withdraw_document(document.pk, by=clerk, reason="because")
    stranger = staff(Role.CHIEF, office_id=district_office(1))
    for document_id in (document.pk, 999_999):
        with pytest.raises(NotFound):
            withdraw_document(document_id, by=stranger, reason="unreadable")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM documents_document",
        "UPDATE documents_document SET file_name = 'other'",
        "UPDATE documents_document SET request_id = request_id + 1",
        "UPDATE documents_document SET withdrawn_at = NULL, withdrawal_reason = ''",
        "UPDATE documents_document SET withdrawal_reason = 'replaced'",
    ],
)
def test_the_database_itself_keeps_documents(clerk, request_, statement):
    document = attach(request_, clerk)
    withdraw_document(document.pk, by=clerk, reason="unreadable")
    with (
        pytest.raises(DatabaseError, match=r"document|withdrawal"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_document_of_another_request_is_not_found(clerk, request_):
    document = attach(request_, clerk)
    other = RequestFactory(intake=IntakeFactory())
    with pytest.raises(NotFound):
        document_of(other, document.pk)
