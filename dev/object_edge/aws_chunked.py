"""Takes the `aws-chunked` encoding off a body as it arrives: sizes, data, then trailing headers. Pure."""

import re
from collections.abc import Iterator

from dev.object_edge.refusals import S3Error

MAX_LINE_BYTES = 1024
MAX_TRAILERS = 16
CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}")


class ChunkDecoder:
    """Feed it the encoded bytes in any pieces: it yields the data, and holds `trailers` once finished."""

    def __init__(self) -> None:
        self.trailers: dict[str, str] = {}
        self._buffer = bytearray()
        self._data_bytes_left = 0
        self._read_line = self._read_size

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yields the data this piece holds.

        Raises:
            S3Error: IncompleteBody or MalformedTrailerError when the encoding is broken.
        """
        self._buffer += piece
        while self._buffer:
            if self._data_bytes_left:
                yield self._take_data()
                continue
            line = self._take_line()
            if line is None:
                return
            self._read_line(line)

    def finish(self) -> None:
        """Says that no more will come.

        Raises:
            S3Error: IncompleteBody when the last chunk or the end of the trailers is missing.
        """
        if self._read_line != self._read_nothing:
            raise _broken()

    def _take_data(self) -> bytes:
        data = bytes(self._buffer[: self._data_bytes_left])
        del self._buffer[: len(data)]
        self._data_bytes_left -= len(data)
        return data

    def _take_line(self) -> bytes | None:
        end = self._buffer.find(b"\r\n")
        if end > MAX_LINE_BYTES or (end < 0 and len(self._buffer) > MAX_LINE_BYTES):
            raise _broken()
        if end < 0:
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        return line

    def _read_size(self, line: bytes) -> None:
        size = line.partition(b";")[0]
        if not CHUNK_SIZE.fullmatch(size):
            raise _broken()
        self._data_bytes_left = int(size, 16)
        self._read_line = self._read_end_of_data if self._data_bytes_left else self._read_trailer

    def _read_end_of_data(self, line: bytes) -> None:
        if line:
            raise _broken()
        self._read_line = self._read_size

    def _read_trailer(self, line: bytes) -> None:
        if not line:
            self._read_line = self._read_nothing
            return
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or len(self.trailers) == MAX_TRAILERS:
            raise S3Error("MalformedTrailerError", "The request contained trailing data that was not well-formed.")
        self.trailers[name.strip().lower()] = value.strip()

    def _read_nothing(self, line: bytes) -> None:  # noqa: ARG002 - whatever stands after the end is too much
        raise _broken()


def _broken() -> S3Error:
    return S3Error("IncompleteBody", "The request body is not well-formed aws-chunked data, or ended too soon.")
