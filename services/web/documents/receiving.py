"""How a file in a form is taken: in memory, up to the limit, and never on the disk unsealed."""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from services.documents.kinds import DocumentLimits

FORM_BYTES = 64 * 1024
"""What a form with a file says beside it."""


class BoundedMemoryHandler(FileUploadHandler):
    """Keeps one form's files in memory, together at most the size of one document.

    What is too large is read to its end and dropped; the form then has no file, and its length
    tells why.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 - Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Refuse to begin with a form that cannot fit."""
        self.left = DocumentLimits.FILE_BYTES + 1
        self.is_too_large = content_length > DocumentLimits.FILE_BYTES + FORM_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        if self.is_too_large:
            raise StopUpload(connection_reset=False)
        self.file = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep a piece."""
        self.left -= len(raw_data)
        if self.left < 0:
            raise StopUpload(connection_reset=False)
        self.file.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Hand the file over."""
        self.file.seek(0)
        return InMemoryUploadedFile(
            file=self.file,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
