"""Small pictures of documents, drawn once by a worker and sealed on the disk like the scan."""

import subprocess
import sys
from pathlib import Path

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.errors import NotFound, Unavailable
from services.documents import containers, first_page, storing
from services.documents.containers import DamagedError
from services.documents.kinds import Kind
from services.documents.models import Document, Thumbnail
from services.documents.pictures import DamagedPictureError, TooManyPixelsError, small_picture
from services.documents.queries import content_of

FOLDER = "thumbnails"
SECONDS = 20
"""What the drawing of a page may take, waiting for a busy processor included."""
AT_ONCE = 200
logger = structlog.get_logger(__name__)


def draw_thumbnail(document_id: int) -> Thumbnail | None:
    """Draw and keep the small picture of a document; asked twice, it gives that of the first time.

    A document that cannot be drawn gets a thumbnail without a picture, and is not tried again.
    None for one that is withdrawn or gone. It is derived from what was attached, and nobody sees
    anything: neither trail nor readings know of it.
    """
    document = Document.objects.select_related("thumbnail").filter(pk=document_id).first()
    if document is None or document.is_withdrawn:
        return None
    if (done := document.small) is not None:
        return done
    picture, key = _drawn(document), containers.new_key()
    stored = None if picture is None else storing.store(picture, key, folder=FOLDER)
    made = Thumbnail(document=document, key_sealed=containers.seal_key(key))
    made.file_name = "" if stored is None else stored.file_name
    try:
        return _kept(made)
    finally:
        if stored is not None and not Thumbnail.objects.filter(file_name=stored.file_name).exists():
            storing.discard(stored.file_name)


def draw_missing() -> int:
    """Draw what nobody has drawn yet, newest first, at most AT_ONCE; return how many."""
    missing = Document.objects.filter(thumbnail__isnull=True, withdrawn_at__isnull=True)
    numbers = list(missing.order_by("-id").values_list("pk", flat=True)[:AT_ONCE])
    for number in numbers:
        draw_thumbnail(number)
    return len(numbers)


def thumbnail_content(document: Document) -> bytes:
    """Return the small picture as JPEG; it may be shown once the reading is noted.

    Raises NotFound when there is none, Unavailable when it was altered or lost.
    """
    small = document.small
    if small is None or not small.is_drawn:
        raise NotFound
    try:
        return storing.load(small.file_name, containers.unseal_key(small.key_sealed))
    except DamagedError as error:
        message = _("The small picture of this document was altered or lost. Open the document.")
        raise Unavailable("thumbnail_altered", message, document=document.pk) from error


def _kept(made: Thumbnail) -> Thumbnail | None:
    """Keep a thumbnail once: two workers at the same moment wait for each other on the document.

    None when the document was withdrawn, or disposed of, while it was drawn.
    """
    with transaction.atomic():
        if Document.objects.select_for_update().get(pk=made.document_id).is_withdrawn:
            return None
        first = Thumbnail.objects.filter(document_id=made.document_id).first()
        if first is not None:
            return first
        made.save(force_insert=True)
    return made


def _drawn(document: Document) -> bytes | None:
    try:
        content = content_of(document)
        return small_picture(_page(content) if document.kind == Kind.PDF else content)
    except (
        Unavailable,
        DamagedPictureError,
        TooManyPixelsError,
        subprocess.SubprocessError,
    ) as error:
        logger.warning("document_not_drawn", document=document.pk, kind=type(error).__name__)
        return None


def _page(content: bytes) -> bytes:
    """The first page of a PDF as PNG; raises SubprocessError."""
    program = [sys.executable, "-I", str(Path(first_page.__file__))]
    done = subprocess.run(  # noqa: S603 - our own program, its input is data
        program, input=content, capture_output=True, env={}, timeout=SECONDS, check=True
    )
    return done.stdout
