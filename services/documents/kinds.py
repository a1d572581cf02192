"""What a document can be, and why one is withdrawn."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The kinds of file that are kept; the value is the media type."""

    PDF = "application/pdf", "PDF"
    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"
    WEBP = "image/webp", "WebP"

    @property
    def extension(self) -> str:
        """The usual end of a file name, without the dot."""
        return {"application/pdf": "pdf", "image/jpeg": "jpg"}.get(
            self.value, self.value.rpartition("/")[2]
        )

    @property
    def is_image(self) -> bool:
        """Whether it is a picture."""
        return self != Kind.PDF


class WithdrawalReason(models.TextChoices):
    """Why a document no longer counts; free text could be personal, so there is none."""

    WRONG_REQUEST = "wrong_request", _("It belongs to another request")
    UNREADABLE = "unreadable", _("It cannot be read")
    REPLACED = "replaced", _("A better one was attached")
    NOT_NEEDED = "not_needed", _("It is not needed for this service")
    DISPOSED = "disposed", _("The law lets it be kept no longer")


CHOSEN = tuple(each for each in WithdrawalReason if each != WithdrawalReason.DISPOSED)
"""The reasons a person may give; the other one is the disposal's."""


class DocumentLimits:
    """How much is taken; sizes in bytes."""

    FILE_BYTES = 10 * 1024 * 1024
    ON_ONE_REQUEST = 40
    PIXELS = 60_000_000
    """A phone's photo has 12 to 50 million; more would fill the server's memory."""
    LONGEST_SIDE = 4000
    """Pixels kept: a page at more than 300 dots an inch."""
    OPEN_UPLOADS = 20
    """What one person may have under way, so that nobody fills the disk with beginnings."""
    UPLOAD_HOURS = 24
    """An upload that nobody went on with for so long is cleaned up."""
