"""Pictures written anew: the pixels alone, upright, of a bearable size; telephones' HEIC as JPEG.

A picture is decoded and encoded again: what the camera wrote beside it (place, time, owner,
preview) is gone, and so is anything hidden behind it.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from services.documents.kinds import DocumentLimits, Kind

QUALITY = 88
SMALL_SIDE = 320
SMALL_QUALITY = 72
HEIC = "image/heic"
"""What telephones photograph with; kept as JPEG, which every browser shows."""
_HEIC_TYPES = {"image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"}
_FORMATS = {HEIC: "HEIF", **{kind.value: kind.label.upper() for kind in Kind if kind.is_image}}

# Of a HEIC file the main picture is decoded, and nothing else that it carries.
pillow_heif.register_heif_opener(
    thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
)


class TooManyPixelsError(Exception):
    """The picture would fill the server's memory."""


class DamagedPictureError(Exception):
    """The picture is cut off, or is no picture."""


def is_heic(head: bytes) -> bool:
    """Whether a content begins as a HEIC or HEIF picture does, whatever its file is called."""
    return pillow_heif.get_file_mimetype(head) in _HEIC_TYPES


def written_anew(content: bytes, media_type: str) -> tuple[Kind, bytes]:
    """Return a picture as it is kept, and as what.

    Raises TooManyPixelsError before anything is decoded, and DamagedPictureError.
    """
    kind = Kind.JPEG if media_type == HEIC else Kind(media_type)
    with _told_in_our_words():
        return kind, _encoded_anew(content, _FORMATS[media_type], kind)


def small_picture(content: bytes) -> bytes:
    """Return a kept picture as a JPEG of at most SMALL_SIDE pixels, on white where it is clear.

    Raises as `written_anew` does.
    """
    formats = [_FORMATS[kind.value] for kind in Kind if kind.is_image]
    with _told_in_our_words(), Image.open(io.BytesIO(content), formats=formats) as picture:
        picture.draft("RGB", (SMALL_SIDE, SMALL_SIDE))
        picture.thumbnail((SMALL_SIDE, SMALL_SIDE))
        clear = picture.convert("RGBA")
        white = Image.new("RGB", clear.size, "white")
        white.paste(clear, mask=clear.getchannel("A"))
        made = io.BytesIO()
        white.save(made, format="JPEG", quality=SMALL_QUALITY, optimize=True)
    return made.getvalue()


@contextmanager
def _told_in_our_words() -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixelsError from error
    except (
        *(UnidentifiedImageError, OSError, EOFError),
        # What the decoders raise for pieces that do not fit together.
        *(ValueError, SyntaxError, RuntimeError),
    ) as error:
        raise DamagedPictureError from error


def _encoded_anew(content: bytes, written_as: str, kind: Kind) -> bytes:
    with Image.open(io.BytesIO(content), formats=[written_as]) as picture:
        if picture.width * picture.height > DocumentLimits.PIXELS:
            raise Image.DecompressionBombError
        picture.verify()
    with Image.open(io.BytesIO(content), formats=[written_as]) as picture:
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((DocumentLimits.LONGEST_SIDE, DocumentLimits.LONGEST_SIDE))
        made = io.BytesIO()
        _bare(upright, kind).save(made, format=_FORMATS[kind], **_options(kind))
    return made.getvalue()


def _bare(picture: Image.Image, kind: Kind) -> Image.Image:
    """The pixels alone: a copy that knows nothing of where and when they were taken."""
    keeps_transparency = kind != Kind.JPEG and picture.mode in {"RGBA", "LA", "P", "PA"}
    mode = "RGBA" if keeps_transparency else "L" if picture.mode in {"1", "L"} else "RGB"
    plain = picture.convert(mode)
    bare = Image.new(mode, plain.size)
    bare.paste(plain)
    return bare


def _options(kind: Kind) -> dict[str, int | bool]:
    return {"optimize": True} if kind == Kind.PNG else {"quality": QUALITY}
