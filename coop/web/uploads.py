"""Files that people send are kept in memory up to a size; of larger ones only the size is kept."""

from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

MOST_BYTES = 8 * 1024 * 1024
"""Bytes of a file that are kept: a photo as a phone takes it has three to five million."""
FAR_TOO_MUCH = 100 * 1024 * 1024
"""Bytes of a request beyond which nothing in it is read; up to here the form itself says that a file is too large."""
AT_A_TIME = 64 * 1024


class BoundedUploadHandler(FileUploadHandler):
    """A larger file comes to its form empty, with its true size, so that the form can say so; nothing is on disk."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self.kept, self.size = BytesIO(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.size += len(raw_data)
        if self.size > MOST_BYTES:
            self.kept = BytesIO()
        else:
            self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.kept.seek(0)
        return InMemoryUploadedFile(
            file=self.kept,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type or "",
            size=file_size,
            charset=self.charset,
        )
