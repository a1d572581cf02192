"""Uploads that are cut, resumed, repeated, abandoned, or sent by two at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from owso.accounts.permissions import Role
from owso.errors import Conflict, Invalid, NotAllowed, NotFound
from services.documents.kinds import DocumentLimits
from services.documents.models import Document, Upload
from services.documents.queries import content_of
from services.documents.tasks import clean_all
from services.documents.uploading import (
    append_part,
    begin_upload,
    clean_uploads,
    end_upload,
    finish_upload,
    upload_of,
)
from tenants import clock
from tenants.context import in_province, province_by_code
from tests.factories import RequestFactory, district_office, staff
from tests.services.documents.conftest import files_below
from tests.services.documents.scans import pdf, picture

CONTENT = pdf(b"/Title (SECRET-WORDS) " + b"%" + b"y" * 3000 + b"\n")


@pytest.fixture
def clerk(province):
    return staff(Role.INFORMATION_OFFICER)


@pytest.fixture
def request_(province):
    return RequestFactory(in_progress=True)


def begun(request, by, content=CONTENT, name="scan.pdf"):
    return begin_upload(request.pk, by=by, name=name, total_bytes=len(content))


def test_a_file_arrives_in_parts_and_becomes_one_document(clerk, request_, media):
    upload = begun(request_, clerk)
    for start in range(0, len(CONTENT), 1000):
        upload = append_part(upload, offset=start, part=CONTENT[start : start + 1000])
    document = finish_upload(upload, by=clerk)
    assert content_of(document) == CONTENT
    assert len(files_below(media)) == 1


def test_parts_are_sealed_on_the_disk_too(clerk, request_, media):
    append_part(begun(request_, clerk), offset=0, part=CONTENT[:1500])
    (path,) = files_below(media)
    assert b"SECRET-WORDS" not in path.read_bytes()
    assert b"scan.pdf" not in bytes(Upload.objects.get().name_sealed)


def test_a_part_goes_on_only_where_the_last_one_ended(clerk, request_):
    upload = append_part(begun(request_, clerk), offset=0, part=CONTENT[:700])
    for wrong in (0, 699, 701):
        with pytest.raises(Conflict) as caught:
            append_part(upload, offset=wrong, part=b"x")
        assert caught.value.data["received"] == 700
    with pytest.raises(Invalid):
        append_part(upload, offset=700, part=CONTENT)
    assert Upload.objects.get().received_bytes == 700


def test_a_second_finish_gives_the_first_document(clerk, request_):
    upload = append_part(begun(request_, clerk), offset=0, part=CONTENT)
    first = finish_upload(upload, by=clerk)
    again = finish_upload(upload_of(upload.pk, request_.pk, by=clerk), by=clerk)
    stale = finish_upload(upload, by=clerk)
    assert again.pk == stale.pk == first.pk
    assert Document.objects.count() == 1


def test_an_upload_belongs_to_the_one_who_began_it(clerk, request_):
    upload = begun(request_, clerk)
    assert upload_of(upload.pk, request_.pk, by=clerk).pk == upload.pk
    for request_id, by in (
        (request_.pk, staff(Role.INFORMATION_OFFICER)),
        (RequestFactory().pk, clerk),
    ):
        with pytest.raises(NotFound):
            upload_of(upload.pk, request_id, by=by)


def test_nobody_begins_what_they_could_not_attach(request_, clerk):
    with pytest.raises(NotFound):
        begun(request_, staff(Role.CHIEF, office_id=district_office(1)))
    with pytest.raises(NotAllowed):
        begun(request_, staff(Role.CASHIER))
    for size, code in (
        (0, "document_empty"),
        (DocumentLimits.FILE_BYTES + 1, "document_too_large"),
    ):
        with pytest.raises(Invalid) as caught:
            begin_upload(request_.pk, by=clerk, name="scan.pdf", total_bytes=size)
        assert caught.value.code == code


def test_nobody_begins_more_uploads_than_they_go_on_with(request_, clerk):
    uploads = [begun(request_, clerk) for _ in range(DocumentLimits.OPEN_UPLOADS)]
    with pytest.raises(Invalid) as caught:
        begun(request_, clerk)
    assert caught.value.code == "too_many_uploads"
    end_upload(uploads[0])
    assert begun(request_, clerk).received_bytes == 0


def test_a_file_that_is_not_what_its_name_says_ends_its_upload(clerk, request_, media):
    content = picture()
    upload = append_part(begun(request_, clerk, content), offset=0, part=content)
    with pytest.raises(Invalid) as caught:
        finish_upload(upload, by=clerk)
    assert caught.value.code == "document_is_not_what_its_name_says"
    assert Upload.objects.count() == 0
    assert files_below(media) == []


def test_a_part_damaged_on_the_disk_is_noticed(clerk, request_, media):
    upload = append_part(begun(request_, clerk), offset=0, part=CONTENT)
    (path,) = files_below(media)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(Invalid) as caught:
        finish_upload(upload, by=clerk)
    assert caught.value.code == "upload_damaged"


def test_abandoned_uploads_are_cleaned_up_and_fresh_ones_are_not(clerk, request_, media):
    old = append_part(begun(request_, clerk), offset=0, part=CONTENT[:10])
    finished = append_part(begun(request_, clerk), offset=0, part=CONTENT)
    document = finish_upload(finished, by=clerk)
    later = clock.now() + timedelta(hours=DocumentLimits.UPLOAD_HOURS, minutes=1)
    assert clean_uploads(now=later - timedelta(minutes=2)) == 0
    assert clean_uploads(now=later) == 2
    assert not Upload.objects.filter(pk=old.pk).exists()
    assert content_of(document) == CONTENT
    assert len(files_below(media)) == 1


def test_the_job_cleans_every_province(committed):
    with in_province(province_by_code("01")):
        upload = begun(RequestFactory(), staff(Role.INFORMATION_OFFICER))
        Upload.objects.update(touched_at=clock.now() - timedelta(days=3))
        clean_all()
        assert not Upload.objects.filter(pk=upload.pk).exists()


def together(*works):
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_two_senders_and_three_finishers_make_one_document(committed, media):
    with in_province(province_by_code("01")) as province:
        clerk = staff(Role.INFORMATION_OFFICER)
        request = RequestFactory(in_progress=True)
        upload = begun(request, clerk)
        outcomes: list[str] = []
        start = threading.Barrier(4)

        def send():
            with in_province(province):
                start.wait(30)
                try:
                    append_part(upload, offset=0, part=CONTENT)
                    outcomes.append("kept")
                except Conflict as error:
                    outcomes.append(error.code)
            connection.close()

        together(send, send, send, send)
        assert sorted(outcomes) == ["kept", *["upload_elsewhere"] * 3]
        finished: list[int] = []

        def finish():
            with in_province(province):
                finished.append(finish_upload(Upload.objects.get(), by=clerk).pk)
            connection.close()

        together(finish, finish, finish)
        assert finished == [Document.objects.get().pk] * 3
        assert content_of(Document.objects.get()) == CONTENT
        assert len(files_below(media)) == 1
