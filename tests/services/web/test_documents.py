"""Documents at the door: forms, resumable uploads, safe headers, and a trace of every view."""

from base64 import b64encode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from owso.accounts.permissions import Role
from owso.audit.models import AccessEntry, Reading
from services.catalogue.queries import terms
from services.documents.attaching import attach_document, withdraw_document
from services.documents.kinds import DocumentLimits
from services.documents.models import Document
from services.documents.queries import content_of
from services.documents.thumbnails import draw_thumbnail
from services.requests.codes import format_code
from tests.factories import RequestFactory, district_office, staff
from tests.services.documents.scans import HEIC_HEAD, heic, pdf, picture
from tests.services.web.conftest import text_of

CONTENT = pdf(b"%" + b"z" * 5000 + b"\n")
PART = "application/offset+octet-stream"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def clerk(province):
    return staff(Role.INFORMATION_OFFICER)


@pytest.fixture
def desk(sign_in, clerk):
    return sign_in(clerk)


@pytest.fixture
def filed(province):
    return RequestFactory(in_progress=True)


def path_of(request, step=""):
    return f"/requests/{format_code(request.tracking_code)}{step}"


def scan(name="scan.pdf", content=CONTENT):
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def attached(request, clerk, content=CONTENT, name="scan.pdf"):
    return attach_document(request.pk, by=clerk, name=name, content=content)


def call(browser, method, path, body=b"", *, content_type="text/plain", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with browser._standing():
        return browser.client.generic(
            method,
            path,
            body,
            headers={"Tus-Resumable": "1.0.0", "Content-Type": content_type} | named,
        )


def begin(browser, request, content=CONTENT, name="scan.pdf", paper=""):
    said = ",".join(
        f"{key} {b64encode(value.encode()).decode()}"
        for key, value in (("filename", name), ("paper", paper))
    )
    return call(
        browser, "POST", path_of(request, "/uploads"),
        Upload_Length=str(len(content)), Upload_Metadata=said,
    )  # fmt: skip


def send(browser, address, offset, part):
    return call(browser, "PATCH", address, part, content_type=PART, Upload_Offset=str(offset))


def test_a_form_attaches_a_scan_without_any_script(desk, filed):
    paper = terms(filed.service_version_id).documents[0]
    response = desk.post(path_of(filed, "/documents"), {"paper": paper.id, "file": scan()})
    assert response["Location"] == path_of(filed) + "#documents"
    page = text_of(desk.get(path_of(filed)))
    assert "The document is attached." in page
    assert paper.name_en in page or paper.name_km in page
    assert content_of(Document.objects.get()) == CONTENT


def test_a_photo_from_the_camera_is_taken_too(desk, filed):
    desk.post(path_of(filed, "/documents"), {"photo": scan("image.jpg", picture())})
    desk.post(path_of(filed, "/documents"), {"photo": scan("IMG_7.HEIC", heic())})
    assert set(Document.objects.values_list("kind", flat=True)) == {"image/jpeg"}
    assert Document.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("scan.pdf", picture(), "ឯកសារនេះមិនត្រូវនឹងឈ្មោះរបស់វាទេ"),
        ("photo.heic", HEIC_HEAD, "ឯកសារនេះខូច ឬដាច់មិនពេញ"),
        ("letter.txt", b"hello", "រក្សាទុកបានតែ PDF, JPEG, PNG, WebP និង HEIC"),
        ("scan.pdf", CONTENT + bytes(DocumentLimits.FILE_BYTES), "ធំជាង 10 MB"),
        ("scan.pdf", b"x" * (DocumentLimits.FILE_BYTES + 200_000), "ធំជាង 10 MB"),
        ("scan.pdf", b"", "ទទេ"),
    ],
)
def test_a_refusal_is_told_in_khmer(sign_in, clerk, filed, name, content, words):
    desk = sign_in(clerk, language="km")
    response = desk.post(path_of(filed, "/documents"), {"paper": "", "file": scan(name, content)})
    assert response.status_code == 422
    assert words in text_of(response)
    assert Document.objects.count() == 0


def test_a_form_without_a_file_asks_for_one(desk, filed):
    response = desk.post(path_of(filed, "/documents"), {"paper": "x"})
    assert response.status_code == 422
    assert "Choose a file" in text_of(response)


def test_a_document_is_shown_with_safe_headers_and_leaves_a_trace(desk, clerk, filed):
    document = attached(filed, clerk, picture(), "photo.jpg")
    response = desk.get(path_of(filed, f"/documents/{document.pk}"))
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Content-Disposition"].startswith("inline; filename=")
    assert "no-store" in response["Cache-Control"]
    entry = AccessEntry.objects.get()
    assert (entry.kind, entry.detail) == (Reading.DOCUMENT, str(document.pk))
    assert (entry.request_id, entry.actor_id) == (filed.pk, clerk.user_id)


def test_a_small_picture_is_shown_as_the_document_is_and_leaves_a_trace(
    desk, sign_in, clerk, filed
):
    document = attached(filed, clerk, picture(), "photo.jpg")
    address = path_of(filed, f"/documents/{document.pk}/small")
    assert desk.get(address).status_code == 404
    assert address not in text_of(desk.get(path_of(filed)))
    draw_thumbnail(document.pk)
    assert address in text_of(desk.get(path_of(filed)))
    before = AccessEntry.objects.count()
    response = desk.get(address)
    assert response["Content-Type"] == "image/jpeg"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    entry = AccessEntry.objects.latest("id")
    assert AccessEntry.objects.count() == before + 1
    assert (entry.kind, entry.detail) == (Reading.DOCUMENT, str(document.pk))
    stranger = sign_in(staff(Role.INFORMATION_OFFICER, office_id=district_office(1)))
    assert stranger.get(address).status_code == 404
    withdraw_document(document.pk, by=clerk, reason="unreadable")
    assert desk.get(address).status_code == 404
    assert AccessEntry.objects.count() == before + 1


def test_a_pdf_is_shown_in_the_browser_and_not_left_in_a_folder(desk, clerk, filed):
    document = attached(filed, clerk)
    response = desk.get(path_of(filed, f"/documents/{document.pk}"))
    code = format_code(filed.tracking_code)
    expected = f'inline; filename="{code}-{document.pk}.pdf"'
    assert response["Content-Disposition"] == expected
    assert response.content == CONTENT


def test_another_office_gets_the_same_404_as_for_nothing(sign_in, clerk, filed):
    document = attached(filed, clerk)
    stranger = sign_in(staff(Role.INFORMATION_OFFICER, office_id=district_office(1)))
    theirs = stranger.get(path_of(filed, f"/documents/{document.pk}"))
    nothing = sign_in(clerk).get(path_of(filed, "/documents/999999"))
    assert theirs.status_code == nothing.status_code == 404
    assert b"%PDF" not in theirs.content
    assert stranger.get(path_of(filed, "/documents")).status_code == 404
    posted = stranger.post(path_of(filed, "/documents"), {"file": scan()})
    assert posted.status_code == 404
    assert begin(stranger, filed).status_code == 404
    assert AccessEntry.objects.count() == 0


def test_a_document_of_another_request_is_not_found_here(desk, clerk, filed):
    document = attached(RequestFactory(), clerk)
    assert desk.get(path_of(filed, f"/documents/{document.pk}")).status_code == 404


def test_a_tampered_document_is_not_shown_and_not_noted(desk, clerk, filed, media):
    document = attached(filed, clerk)
    path = media / "p01" / document.file_name
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    response = desk.get(path_of(filed, f"/documents/{document.pk}"))
    assert response.status_code == 503
    assert "altered or lost" in text_of(response)
    assert AccessEntry.objects.count() == 0


def test_a_document_is_taken_out_with_a_reason_and_shown_no_more(desk, clerk, filed):
    document = attached(filed, clerk)
    address = path_of(filed, f"/documents/{document.pk}")
    assert desk.post(address + "/withdraw", {"reason": ""}).status_code == 422
    assert desk.post(address + "/withdraw", {"reason": "replaced"}).status_code == 302
    assert desk.get(address).status_code == 404
    page = text_of(desk.get(path_of(filed, "/documents")))
    assert "Taken out" in page
    assert "A better one was attached" in page


def test_who_may_only_look_sees_documents_and_no_form(sign_in, clerk, filed):
    attached(filed, clerk)
    cashier = sign_in(staff(Role.CASHIER))
    page = text_of(cashier.get(path_of(filed, "/documents")))
    assert "Other paper" in page
    assert "Attach a document" not in page
    assert "Take out" not in page
    assert cashier.post(path_of(filed, "/documents"), {"file": scan()}).status_code == 403
    assert begin(cashier, filed).status_code == 403


def test_an_upload_goes_on_after_a_cut(desk, filed):
    made = begin(desk, filed, paper=str(terms(filed.service_version_id).documents[1].id))
    assert made.status_code == 201
    address = made["Location"]
    assert send(desk, address, 0, CONTENT[:2000])["Upload-Offset"] == "2000"
    # The line is cut here; a new page asks how far it came.
    told = call(desk, "HEAD", address)
    assert (told.status_code, told["Upload-Offset"]) == (200, "2000")
    assert told["Upload-Length"] == str(len(CONTENT))
    assert "no-store" in told["Cache-Control"]
    assert send(desk, address, 0, CONTENT).status_code == 409
    last = send(desk, address, 2000, CONTENT[2000:])
    assert (last.status_code, last["Upload-Offset"]) == (204, str(len(CONTENT)))
    document = Document.objects.get()
    assert content_of(document) == CONTENT
    assert document.paper_id == terms(filed.service_version_id).documents[1].id
    assert "The document is attached." in text_of(desk.get(path_of(filed)))


def test_the_last_answer_may_be_lost_and_asked_for_again(desk, filed):
    address = begin(desk, filed)["Location"]
    assert send(desk, address, 0, CONTENT).status_code == 204
    assert call(desk, "HEAD", address)["Upload-Offset"] == str(len(CONTENT))
    assert send(desk, address, len(CONTENT), b"").status_code == 204
    assert Document.objects.count() == 1


def test_a_wrong_file_is_told_at_its_last_part_in_khmer(sign_in, clerk, filed):
    desk = sign_in(clerk, language="km")
    content = picture()
    address = begin(desk, filed, content)["Location"]
    response = send(desk, address, 0, content)
    assert response.status_code == 422
    assert "ឯកសារនេះមិនត្រូវនឹងឈ្មោះរបស់វាទេ" in text_of(response)
    assert call(desk, "HEAD", address).status_code == 404


def test_the_protocol_is_kept(desk, filed):
    told = call(desk, "OPTIONS", path_of(filed, "/uploads"))
    assert told["Tus-Version"] == "1.0.0"
    assert told["Tus-Extension"] == "creation,termination"
    assert told["Tus-Max-Size"] == str(DocumentLimits.FILE_BYTES)
    old = call(desk, "POST", path_of(filed, "/uploads"), Tus_Resumable="0.2.2")
    assert (old.status_code, old["Tus-Version"]) == (412, "1.0.0")
    address = begin(desk, filed)["Location"]
    assert call(desk, "PATCH", address, b"x", Upload_Offset="0").status_code == 415
    assert call(desk, "PATCH", address, b"x", content_type=PART).status_code == 422
    assert (
        call(desk, "PATCH", address, b"x", content_type=PART, Upload_Offset="-1").status_code == 422
    )
    assert call(desk, "DELETE", address).status_code == 204
    assert call(desk, "HEAD", address).status_code == 404


def test_more_than_was_announced_is_refused(desk, filed):
    address = begin(desk, filed, b"x" * 100)["Location"]
    assert send(desk, address, 0, b"x" * 101).status_code == 422
    large = call(desk, "POST", path_of(filed, "/uploads"), Upload_Length=str(10**9))
    assert large.status_code == 422
    assert "10 MB" in text_of(large)


def test_somebody_else_s_upload_does_not_exist(sign_in, desk, filed):
    address = begin(desk, filed)["Location"]
    colleague = sign_in(staff(Role.INFORMATION_OFFICER))
    assert call(colleague, "HEAD", address).status_code == 404
    assert send(colleague, address, 0, CONTENT).status_code == 404
    assert call(colleague, "DELETE", address).status_code == 404
