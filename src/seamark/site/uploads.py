"""How much is uploaded at most, refused before it is read."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.datastructures import MultiValueDict

from seamark.apps.channels.files import MEGABYTE, MOST_FILES


class NoMoreThanTaken(FileUploadHandler):
    """Turns requests away that carry more than all files of one message may have."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> tuple[Any, MultiValueDict[str, Any]] | None:
        if content_length > (settings.FILE_MEGABYTES * MOST_FILES + 1) * MEGABYTE:
            raise RequestDataTooBig("more than the files of one message may have")
        return None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
