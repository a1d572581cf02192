"""Small pictures are drawn once, sealed like the scan, and keep no document from being kept."""

import io
import subprocess
import sys

import pytest
from django.db import connection
from django.utils.translation import override
from PIL import Image

from owso.accounts.permissions import Role
from owso.errors import NotFound, Unavailable
from services.documents import first_page, tasks
from services.documents.attaching import attach_document, withdraw_document
from services.documents.models import Thumbnail
from services.documents.queries import document_of
from services.documents.thumbnails import draw_missing, draw_thumbnail, thumbnail_content
from tests.factories import RequestFactory, staff
from tests.services.documents.conftest import files_below
from tests.services.documents.scans import heic, pdf, pdf_of_a_picture, picture


@pytest.fixture
def attach(province):
    """Attach files to one request."""
    clerk, request = staff(Role.INFORMATION_OFFICER), RequestFactory(in_progress=True)

    def attached(content):
        return attach_document(request.pk, by=clerk, name="scan", content=content)

    attached.by, attached.request = clerk, request
    return attached


def drawn(attach, document):
    return thumbnail_content(document_of(attach.request, document.pk))


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (picture(size=(1600, 1000)), (320, 200)),
        (picture("PNG"), (320, 200)),
        (picture("WEBP", size=(100, 60)), (100, 60)),
        (heic(orientation=6), (200, 320)),
        (pdf_of_a_picture(size=(800, 500)), (320, 200)),
        (pdf(), (226, 320)),
    ],
)
def test_a_picture_and_the_first_page_of_a_pdf_are_drawn_small(attach, content, size):
    document = attach(content)
    draw_thumbnail(document.pk)
    with Image.open(io.BytesIO(drawn(attach, document))) as image:
        assert image.format == "JPEG"
        assert all(abs(got - asked) <= 1 for got, asked in zip(image.size, size, strict=True))
        assert dict(image.getexif()) == {}


def test_it_is_drawn_once_and_lies_sealed_on_the_disk(attach, media):
    document = attach(picture())
    first = draw_thumbnail(document.pk)
    assert draw_thumbnail(document.pk) == first
    assert len(files_below(media)) == 2
    path = media / "p01" / first.file_name
    assert b"JFIF" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(Unavailable) as caught:
        drawn(attach, document)
    with override("km"):
        assert "រូបតូច" in str(caught.value.message)


def test_what_cannot_be_drawn_is_kept_without_a_picture_and_not_tried_again(attach):
    document = attach(pdf().replace(b"/Kids [3 0 R] /Count 1", b"/Kids [     ] /Count 0"))
    made = draw_thumbnail(document.pk)
    assert not made.is_drawn
    assert draw_thumbnail(document.pk).drawn_at == made.drawn_at
    with pytest.raises(NotFound):
        drawn(attach, document)


def test_the_hourly_task_draws_what_is_missing_and_nothing_withdrawn(attach):
    first, second, gone = attach(picture()), attach(pdf()), attach(picture())
    withdraw_document(gone.pk, by=attach.by, reason="unreadable")
    assert draw_thumbnail(gone.pk) is None
    draw_thumbnail(first.pk)
    assert draw_missing() == 1
    assert draw_missing() == 0
    assert set(Thumbnail.objects.values_list("pk", flat=True)) == {first.pk, second.pk}


def test_attaching_asks_a_worker_once_the_row_is_there(
    attach, province, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as asked:
        document = attach(picture())
    assert "ask_for_thumbnail" in str([callback.__qualname__ for callback in asked])
    tasks.draw(province.schema_name, document.pk)
    connection.set_tenant(province)
    assert drawn(attach, document)


def test_the_program_that_draws_has_bounds_and_fails_by_itself():
    done = subprocess.run(
        [sys.executable, "-I", first_page.__file__], input=b"%PDF-1.4 no", capture_output=True
    )
    assert done.returncode != 0
    assert done.stdout == b""
