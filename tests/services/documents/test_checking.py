"""A file is judged by its content, and pictures keep nothing but their pixels."""

import io
import zlib

import pytest
from PIL import Image

from owso.errors import Invalid
from services.documents.checking import checked
from services.documents.kinds import DocumentLimits, Kind
from tests.services.documents.scans import HEIC_HEAD, PLACE, PROGRAM, heic, pdf, picture


def code_of(name, content):
    with pytest.raises(Invalid) as caught:
        checked(name, content)
    assert "file" in caught.value.fields
    return caught.value.code


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("scan.pdf", pdf(), Kind.PDF),
        ("photo.JPG", picture(), Kind.JPEG),
        ("photo.jpeg", picture(), Kind.JPEG),
        ("scan.png", picture("PNG"), Kind.PNG),
        ("scan.webp", picture("WEBP"), Kind.WEBP),
        ("image", picture(), Kind.JPEG),
        ("IMG_0001.HEIC", heic(), Kind.JPEG),
        ("photo.heif", heic(), Kind.JPEG),
        ("image", heic(), Kind.JPEG),
        ("សេចក្តីចម្លង.pdf", pdf(), Kind.PDF),
    ],
)
def test_what_is_what_its_name_says_is_kept(name, content, kind):
    assert checked(name, content).kind == kind


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("scan.pdf", picture()),
        ("scan.pdf", PROGRAM),
        ("photo.jpg", pdf()),
        ("photo.jpg", picture("PNG")),
        ("photo.png", heic()),
        ("photo.heic", picture()),
        ("photo.jpg", b"GIF89a" + bytes(100)),
        ("scan.pdf", b"hello"),
    ],
)
def test_a_scan_that_is_not_what_its_name_says_is_refused(name, content):
    assert code_of(name, content) == "document_is_not_what_its_name_says"


def test_the_message_says_what_the_name_says_and_what_it_is():
    with pytest.raises(Invalid) as caught:
        checked("scan.pdf", picture())
    assert "PDF" in str(caught.value.message)
    assert "JPEG" in str(caught.value.message)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("scan.pdf", b"", "document_empty"),
        ("photo.heic", HEIC_HEAD, "document_damaged"),
        ("photo.heic", heic()[:-400], "document_damaged"),
        ("photo.avif", b"\x00\x00\x00\x1cftypavif" + bytes(200), "document_kind_unknown"),
        ("letter.docx", b"PK\x03\x04" + bytes(200), "document_kind_unknown"),
        ("setup.exe", PROGRAM, "document_kind_unknown"),
        ("page.html", b"<html><script>alert(1)</script></html>", "document_kind_unknown"),
        ("photo.jpg", picture()[:-400], "document_damaged"),
        ("scan.png", picture("PNG")[:200], "document_damaged"),
        ("scan.pdf", pdf()[:-40], "document_damaged"),
        ("scan.pdf", pdf().replace(b"xref\n0", b"yref\n0"), "document_damaged"),
        ("scan.pdf", b"%PDF-1.4\nstartxref\n999999\n%%EOF\n", "document_damaged"),
        ("scan.pdf", pdf(trailer=b"/Encrypt 9 0 R "), "document_has_a_password"),
        ("scan.pdf", pdf(b"/AA << /O << /S /JavaScript /JS (x) >> >> "), "document_has_programs"),
        ("scan.pdf", pdf(b"/A << /S /Launch >> "), "document_has_programs"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_reason(name, content, code):
    assert code_of(name, content) == code


def test_letters_inside_a_compressed_picture_of_a_pdf_are_no_program():
    content = pdf(b">>\nstream\n" + b"\x01/JS \x02/Encrypt" + b"\nendstream\n<< ")
    assert checked("scan.pdf", content).kind == Kind.PDF


def test_the_limit_of_size_is_met_to_the_byte():
    content = pdf(b"%" + b"x" * (DocumentLimits.FILE_BYTES - 1000) + b"\n")
    content += b"\n" * (DocumentLimits.FILE_BYTES - len(content))
    assert len(checked("scan.pdf", content).content) == DocumentLimits.FILE_BYTES
    assert code_of("scan.pdf", content + b"\n") == "document_too_large"


def test_a_picture_of_too_many_pixels_is_refused_before_it_fills_the_memory():
    header = b"\x89PNG\r\n\x1a\n"

    def chunk(kind, data):
        crc = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + crc

    side = (30_000).to_bytes(4, "big")
    bomb = header + chunk(b"IHDR", side + side + b"\x08\x02\x00\x00\x00")
    bomb += chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    assert code_of("scan.png", bomb) == "document_too_many_pixels"
    photo = heic()
    place = photo.index(b"ispe") + 8
    assert code_of("a.heic", photo[:place] + side + side + photo[place + 8 :]) == (
        "document_too_many_pixels"
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_keeps_neither_place_nor_time_nor_maker(kind):
    content = picture(kind)
    assert PLACE.encode() in content
    kept = checked("image", content).content
    assert PLACE.encode() not in kept
    assert b"Exif" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert dict(image.getexif()) == {}
        assert image.size == (320, 200)


@pytest.mark.parametrize("kind", ["JPEG", "HEIF"])
def test_a_photo_taken_sideways_is_turned_upright_once(kind):
    kept = checked("image", picture(kind, orientation=6)).content
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.format, image.size) == ("JPEG", (200, 320))
        red, _green, blue = image.getpixel((195, 5))
        assert blue > 150 > red


def test_what_hides_behind_a_picture_is_gone():
    kept = checked("photo.jpg", picture() + b"<script>hidden</script>").content
    assert b"hidden" not in kept


def test_a_very_large_photo_is_made_smaller():
    kept = checked("photo.jpg", picture(size=(5000, 3000))).content
    with Image.open(io.BytesIO(kept)) as image:
        assert max(image.size) == DocumentLimits.LONGEST_SIDE
