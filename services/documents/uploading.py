"""A file that arrives in parts over a weak line: begin, go on where it was cut, finish, or end.

Each part is sealed on the disk with the upload's own key before its arrival is confirmed. An
upload belongs to the one who began it; to anybody else it does not exist.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.errors import Conflict, Invalid, NotFound
from services.documents import containers, storing
from services.documents.attaching import Made, keep, make, may_attach
from services.documents.checking import check_size
from services.documents.containers import DamagedError
from services.documents.kinds import DocumentLimits
from services.documents.models import Document, Upload
from services.offices.actors import Actor
from tenants import clock, sealing

FOLDER = "uploads"
NAME_LENGTH = 255


def begin_upload(
    request_id: int, *, by: Actor, name: str, total_bytes: int, paper_id: int | None = None
) -> Upload:
    """Begin an upload of `total_bytes`; nothing has arrived yet.

    Raises NotFound and NotAllowed as attaching does, and Invalid for an empty or too large file,
    or when this person has too many uploads under way.
    """
    may_attach(request_id, by=by, paper_id=paper_id)
    if total_bytes <= 0:
        message = _("This file is empty. Scan or photograph the paper again.")
        raise Invalid("document_empty", message, fields={"file": message})
    check_size(total_bytes)
    assert by.user_id is not None
    _check_open_uploads(by.user_id)
    return Upload.objects.create(
        request_id=request_id,
        paper_id=paper_id,
        name_sealed=sealing.seal(name[:NAME_LENGTH]),
        total_bytes=total_bytes,
        key_sealed=containers.seal_key(containers.new_key()),
        begun_by_id=by.user_id,
        touched_at=clock.now(),
    )


def upload_of(upload_id: UUID, request_id: int, *, by: Actor) -> Upload:
    """Return one's own upload for a request; raise NotFound otherwise."""
    found = Upload.objects.filter(pk=upload_id, request_id=request_id, begun_by_id=by.user_id)
    upload = found.first()
    if upload is None:
        raise NotFound
    return upload


def append_part(upload: Upload, *, offset: int, part: bytes) -> Upload:
    """Keep the bytes that begin at `offset`; return the upload as it then stands.

    Raises Conflict (`upload_elsewhere`) when the upload does not stand at `offset`, and Invalid
    when more arrives than was announced.
    """
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=upload.pk)
        if offset != upload.received_bytes:
            message = _("This part was not expected here. Ask where to go on.")
            raise Conflict("upload_elsewhere", message, received=upload.received_bytes)
        if offset + len(part) > upload.total_bytes:
            message = _("More arrived than was announced. Attach the file again.")
            raise Invalid("upload_overflows", message, fields={"file": message})
        if part:
            stored = storing.store(part, containers.unseal_key(upload.key_sealed), folder=FOLDER)
            upload.parts.append([stored.file_name, len(part)])
            upload.received_bytes += len(part)
        upload.touched_at = clock.now()
        upload.save(update_fields=["parts", "received_bytes", "touched_at"])
    return upload


def finish_upload(upload: Upload, *, by: Actor) -> Document:
    """Check what arrived and attach it; asked twice, it gives the document of the first time.

    A file that cannot be accepted is discarded with its upload, and Invalid says why.
    """
    if (done := _document_of(upload)) is not None:
        return done
    try:
        made = make(sealing.unseal(bytes(upload.name_sealed)), _content(upload))
    except DamagedError as error:
        # Another finisher at the same moment may have put the parts away.
        if (done := _document_of(upload)) is not None:
            return done
        end_upload(upload)
        message = _("The parts that arrived are damaged. Attach the file again.")
        raise Invalid("upload_damaged", message, fields={"file": message}) from error
    except Invalid:
        end_upload(upload)
        raise
    document = _attached(upload, made, by=by)
    storing.discard(*(name for name, _size in upload.parts))
    return document


def end_upload(upload: Upload) -> None:
    """Discard an upload with all that arrived of it; a document made of it stays."""
    Upload.objects.filter(pk=upload.pk).delete()
    storing.discard(*(name for name, _size in upload.parts))


def clean_uploads(*, now: datetime | None = None) -> int:
    """Discard the uploads of the current province that nobody went on with; return how many."""
    before = (now or clock.now()) - timedelta(hours=DocumentLimits.UPLOAD_HOURS)
    left = list(Upload.objects.filter(touched_at__lt=before))
    for upload in left:
        end_upload(upload)
    return len(left)


def _check_open_uploads(user_id: int) -> None:
    under_way = Upload.objects.filter(begun_by_id=user_id, document__isnull=True).count()
    if under_way >= DocumentLimits.OPEN_UPLOADS:
        message = _("You have %(count)s unfinished uploads. Finish them, or use the form.")
        words = {"count": DocumentLimits.OPEN_UPLOADS}
        raise Invalid("too_many_uploads", message % words, fields={"file": message % words})


def _content(upload: Upload) -> bytes:
    key = containers.unseal_key(upload.key_sealed)
    content = b"".join(storing.load(name, key) for name, _size in upload.parts)
    if len(content) != upload.total_bytes:
        raise DamagedError
    return content


def _document_of(upload: Upload) -> Document | None:
    """The document an upload has become; raises NotFound for an upload that has ended."""
    found = Upload.objects.select_related("document").filter(pk=upload.pk).first()
    if found is None:
        raise NotFound
    return found.document


def _attached(upload: Upload, made: Made, *, by: Actor) -> Document:
    """Attach once: two finishers at the same moment wait for each other on the upload."""
    try:
        with transaction.atomic():
            Upload.objects.select_for_update().filter(pk=upload.pk).first()
            document = _document_of(upload)
            if document is None:
                document = keep(made, upload.request_id, by=by, paper_id=upload.paper_id)
                Upload.objects.filter(pk=upload.pk).update(document=document)
    except Exception:
        storing.discard(made.stored.file_name)
        raise
    if document.file_name != made.stored.file_name:
        storing.discard(made.stored.file_name)
    return document
