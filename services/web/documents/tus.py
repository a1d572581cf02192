"""Resumable uploads by the tus protocol 1.0.0: core, creation and termination.

HEAD tells how far an upload has come, PATCH goes on from there. What arrived before a line was
cut is kept. The last PATCH answers 204 when the document is attached, or says in words why not.
"""

import functools
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from owso.accounts.permissions import Verb
from owso.errors import DomainError, Invalid
from owso.middleware import status_of
from services.documents.models import DocumentLimits, Upload
from services.documents.uploading import (
    append_part,
    begin_upload,
    end_upload,
    finish_upload,
    upload_of,
)
from services.requests.codes import format_code
from services.web.access import StaffRequest, needs
from services.web.counter.files import seen_request
from services.web.documents.views import paper_of
from services.web.flash import say

VERSION = "1.0.0"
PART_TYPE = "application/offset+octet-stream"
PIECE = 64 * 1024
View = Callable[..., HttpResponse]


def _speaks_tus(view: View) -> View:
    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        spoken = request.headers.get("Tus-Resumable")
        if request.method != "OPTIONS" and spoken != VERSION:
            response = HttpResponse(status=412)
            response["Tus-Version"] = VERSION
        else:
            try:
                response = view(request, *args, **kwargs)
            except DomainError as error:
                response = _told(str(error.message), status_of(error))
        response["Tus-Resumable"] = VERSION
        return response

    return wrapper


@needs(Verb.ATTACH_DOCUMENT)
@require_http_methods(["OPTIONS", "POST"])
@_speaks_tus
def uploads(request: StaffRequest, code: str) -> HttpResponse:
    """Say what is spoken here, or begin an upload and tell its address."""
    if request.method == "OPTIONS":
        response = HttpResponse(status=204)
        response["Tus-Version"] = VERSION
        response["Tus-Extension"] = "creation,termination"
        response["Tus-Max-Size"] = str(DocumentLimits.FILE_BYTES)
        return response
    found = seen_request(request, code)
    said = _metadata(request.headers.get("Upload-Metadata", ""))
    made = begin_upload(
        found.pk,
        by=request.actor,
        name=said.get("filename", ""),
        total_bytes=_number(request, "Upload-Length"),
        paper_id=paper_of(said.get("paper", "")),
    )
    response = HttpResponse(status=201)
    kwargs = {"code": format_code(found.tracking_code), "upload_id": made.pk}
    response["Location"] = reverse("upload", kwargs=kwargs)
    return response


@needs(Verb.ATTACH_DOCUMENT)
@require_http_methods(["HEAD", "PATCH", "DELETE"])
@_speaks_tus
def upload(request: StaffRequest, code: str, upload_id: UUID) -> HttpResponse:
    """Tell how far an upload has come, go on with it, or end it."""
    found = seen_request(request, code)
    mine = upload_of(upload_id, found.pk, by=request.actor)
    if request.method == "DELETE":
        end_upload(mine)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        if request.content_type != PART_TYPE:
            return HttpResponse(status=415)
        mine = _go_on(request, mine)
    response = HttpResponse(status=204 if request.method == "PATCH" else 200)
    response["Upload-Offset"] = str(mine.received_bytes)
    response["Upload-Length"] = str(mine.total_bytes)
    response["Cache-Control"] = "no-store"
    return response


def _go_on(request: StaffRequest, mine: Upload) -> Upload:
    offset = _number(request, "Upload-Offset")
    if not mine.is_complete or offset != mine.received_bytes:
        part = _body(request, mine.total_bytes - mine.received_bytes)
        mine = append_part(mine, offset=offset, part=part)
    if mine.is_complete:
        is_first = mine.document_id is None
        finish_upload(mine, by=request.actor)
        if is_first:
            say(request, _("The document is attached."))
    return mine


def _body(request: HttpRequest, most: int) -> bytes:
    """Read what arrives, one byte more than fits at most; a cut line ends it early."""
    pieces, left = [], most + 1
    try:
        while left > 0 and (piece := request.read(min(PIECE, left))):
            pieces.append(piece)
            left -= len(piece)
    except UnreadablePostError:
        pass
    return b"".join(pieces)


def _number(request: HttpRequest, name: str) -> int:
    text = request.headers.get(name, "")
    if text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    raise Invalid("upload_header", _("The program sent an upload without its size or place."))


def _metadata(header: str) -> dict[str, str]:
    """Read `key base64,key base64`; what is not that is left out."""
    said = {}
    for pair in header.split(","):
        key, _space, value = pair.strip().partition(" ")
        try:
            said[key] = b64decode(value, validate=True).decode()
        except (Base64Error, UnicodeDecodeError):
            continue
    return said


def _told(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
