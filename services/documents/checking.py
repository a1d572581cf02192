"""Is a file what its name says? Judged by its content; pictures are written anew.

A PDF is kept as it is when its structure holds together.
"""

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import NoReturn

import puremagic
from django.utils.translation import gettext_lazy as _

from owso.errors import Invalid, Message
from services.documents.kinds import DocumentLimits, Kind
from services.documents.pictures import (
    HEIC,
    DamagedPictureError,
    TooManyPixelsError,
    is_heic,
    written_anew,
)

HEAD_BYTES = 4096
TAIL_BYTES = 2048
_BY_EXTENSION = {
    ".pdf": Kind.PDF.value,
    ".jpg": Kind.JPEG.value,
    ".jpeg": Kind.JPEG.value,
    ".jfif": Kind.JPEG.value,
    ".png": Kind.PNG.value,
    ".webp": Kind.WEBP.value,
    ".heic": HEIC,
    ".heif": HEIC,
}
_PDF_HEAD = re.compile(rb"%PDF-[12]\.\d")
_PDF_END = re.compile(rb"startxref\s+(\d+)\s+%%EOF")
_PDF_XREF = re.compile(rb"\s*(xref\s|\d+\s+\d+\s+obj\b)")
# Compressed pictures contain any three letters sooner or later.
_PDF_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
_PDF_PROGRAM = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")


@dataclass(frozen=True, slots=True)
class Checked:
    """A content that may be kept, and what it is."""

    kind: Kind
    content: bytes


def checked(name: str, content: bytes) -> Checked:
    """Return what is to be kept of a file; raise Invalid with what is wrong and what to do."""
    if not content:
        _refuse("document_empty", _("This file is empty. Scan or photograph the paper again."))
    check_size(len(content))
    found, named = _found_type(content), _BY_EXTENSION.get(PurePath(name).suffix.lower())
    if named is not None and named != found:
        words = {"named": _label(named), "found": _label(found)}
        _refuse("document_is_not_what_its_name_says", _NOT_AS_NAMED % words)
    if found == Kind.PDF:
        return Checked(Kind.PDF, _pdf(content))
    if found != HEIC and found not in Kind.values:
        _refuse("document_kind_unknown", _UNKNOWN)
    return _picture(content, found)


def check_size(size: int) -> None:
    """Raise Invalid for a file that is larger than is taken."""
    if size > DocumentLimits.FILE_BYTES:
        megabytes = DocumentLimits.FILE_BYTES // (1024 * 1024)
        _refuse("document_too_large", _TOO_LARGE % {"limit": megabytes})


def _found_type(content: bytes) -> str:
    if is_heic(content[:HEAD_BYTES]):
        return HEIC
    try:
        found = {each.mime_type for each in puremagic.magic_string(content[:HEAD_BYTES])}
    except (puremagic.PureError, ValueError):
        return ""
    return next((kind.value for kind in Kind if kind.value in found), "")


def _picture(content: bytes, media_type: str) -> Checked:
    try:
        return Checked(*written_anew(content, media_type))
    except TooManyPixelsError as error:
        raise _invalid("document_too_many_pixels", _TOO_MANY_PIXELS) from error
    except DamagedPictureError as error:
        raise _invalid("document_damaged", _DAMAGED) from error


def _pdf(content: bytes) -> bytes:
    if not _PDF_HEAD.match(content):
        _refuse("document_damaged", _DAMAGED)
    ends = _PDF_END.findall(content[-TAIL_BYTES:])
    if not ends or not _PDF_XREF.match(content, int(ends[-1])):
        _refuse("document_damaged", _DAMAGED)
    said = _PDF_STREAM.sub(b"", content)
    if b"/Encrypt" in said:
        _refuse("document_has_a_password", _PASSWORD)
    if _PDF_PROGRAM.search(said):
        _refuse("document_has_programs", _PROGRAMS)
    return content


def _label(mime_type: str) -> Message:
    if mime_type == HEIC:
        return "HEIC"
    return Kind(mime_type).label if mime_type in Kind.values else _("something else")


def _invalid(code: str, message: Message) -> Invalid:
    return Invalid(code, message, fields={"file": message})


def _refuse(code: str, message: Message) -> NoReturn:
    raise _invalid(code, message)


_NOT_AS_NAMED = _(
    "This file is not what its name says: the name says %(named)s, the content is %(found)s."
    " Scan or photograph the paper again; do not rename files."
)
_UNKNOWN = _("Only PDF, JPEG, PNG, WebP and HEIC are kept. Scan or photograph the paper.")
_TOO_LARGE = _(
    "This file is larger than %(limit)s MB. Scan in grey at 200 dots an inch, or photograph"
    " page by page."
)
_TOO_MANY_PIXELS = _("This picture has too many dots. Scan at 300 dots an inch or fewer.")
_DAMAGED = _("This file is damaged or was cut off. Scan or photograph the paper again.")
_PASSWORD = _("This PDF is locked with a password. Save it without the password and attach that.")
_PROGRAMS = _(
    "This PDF holds a program or another file, which could do harm. Print it and scan the paper."
)
