"""POSTs of JSON to a provider over bare HTTP and one kept connection, for functions a person waits for.

An SDK would cost their Init 400 ms; psycopg has loaded what the standard library's client needs.
"""

from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from urllib.parse import urlsplit

from shared.ai.capabilities import Endpoint
from shared.ai.vendor_errors import check_answer, read_reply, vendor_errors
from shared.web.connect import connect

_CONNECT_SECONDS = 2
_READ_BYTES = 65_536


class KeptConnection:
    """Posts to one path of a provider, and reads at most `max_reply_bytes` of an answer.

    A call takes the connection with it, and puts it back when all went well: one that was given up in the middle
    (shared/ai/total_time.py) is in nobody's way.
    """

    def __init__(self, endpoint: Endpoint, path: str, *, timeout_seconds: float, max_reply_bytes: int) -> None:
        self._endpoint = endpoint
        self._timeout_seconds = timeout_seconds
        self._max_reply_bytes = max_reply_bytes
        self._path = f"{urlsplit(endpoint.base_url).path.rstrip('/')}/{path}"
        self._kept: HTTPConnection | None = None

    def post(self, request: bytes) -> tuple[bytes, int]:
        """The answer's body, and how many ms it took. Raises VendorDown and VendorRefused."""
        with vendor_errors(self._endpoint.provider, OSError, HTTPException) as call:
            body = self._ask_again_if_stale(request, call.started + self._timeout_seconds)
        return body, call.milliseconds

    def close(self) -> None:
        """Let the kept connection go; the next call makes another."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def _ask_again_if_stale(self, request: bytes, until: float) -> bytes:
        """A connection kept while the function was frozen may be dead; a new one deserves a try."""
        kept, self._kept = self._kept, None
        if kept is not None:
            with suppress(ConnectionError):
                return self._ask(kept, request, until)
        return self._ask(self._connected(), request, until)

    def _connected(self) -> HTTPConnection:
        patience = min(_CONNECT_SECONDS, self._timeout_seconds)
        return connect(self._endpoint.base_url, connect_seconds=patience, read_seconds=self._timeout_seconds)

    def _ask(self, connection: HTTPConnection, request: bytes, until: float) -> bytes:
        headers = {"authorization": f"Bearer {self._endpoint.api_key}", "content-type": "application/json"}
        try:
            connection.request("POST", self._path, body=request, headers=headers)
            with connection.getresponse() as reply:
                body = self._read(_Answer(reply), until)
        except BaseException:
            connection.close()  # half an answer may be left on the wire
            raise
        if connection.sock is not None:  # else the provider closed it with its answer
            self._kept = connection
        return body

    def _read(self, answer: "_Answer", until: float) -> bytes:
        provider = self._endpoint.provider
        check_answer(answer, provider=provider)
        body = read_reply(answer.iter_raw(), provider=provider, max_bytes=self._max_reply_bytes, until=until)
        if len(body) < int(answer.headers.get("content-length", 0)):
            raise IncompleteRead(body)  # read1 does not tell an answer that was cut off from one that ended
        return body


class _Answer:
    """An answer in the words of the HTTP libraries the SDKs use."""

    def __init__(self, response: HTTPResponse) -> None:
        self._response = response
        self.status_code = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}

    def iter_raw(self) -> Iterator[bytes]:
        """What has come, as it comes: read would wait for a full buffer, however slowly it drips."""
        return iter(lambda: self._response.read1(_READ_BYTES), b"")
