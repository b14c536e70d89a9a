"""Embeddings over bare HTTP, for the function a person waits for.

OpenAI's SDK would cost its Init 400 ms and urllib3 50; psycopg has loaded what the standard library's client needs.
It asks what the SDK asks and reads what the SDK's embedder reads: a contract test runs both.
"""

import json
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from shared.ai.capabilities import Embedded, Endpoint
from shared.ai.embedding_replies import MAX_REPLY_BYTES, batches, joined, read_embeddings
from shared.ai.vendor_errors import read_reply, vendor_errors

TIMEOUT_SECONDS = 5
_CONNECT_SECONDS = 2
_READ_BYTES = 65_536
_OK = 200


class HttpEmbedder:
    """Fulfils Embedder, over one kept connection."""

    def __init__(self, endpoint: Endpoint, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self.provider = endpoint.provider
        self.model = endpoint.model
        self._endpoint = endpoint
        self._timeout_seconds = timeout_seconds
        self._path = f"{urlsplit(endpoint.base_url).path.rstrip('/')}/embeddings"
        self._connection = _connection(endpoint.base_url, min(_CONNECT_SECONDS, timeout_seconds))

    def embed(self, texts: Sequence[str]) -> Embedded:
        """Unit vectors in the order of the texts. Raises VendorDown and VendorRefused."""
        return joined(self._endpoint, [self._embed(batch) for batch in batches(texts)])

    def close(self) -> None:
        """Let the kept connection go; the next call makes another."""
        self._connection.close()

    def _embed(self, texts: list[str]) -> Embedded:
        request = json.dumps({"model": self.model, "input": texts, "encoding_format": "base64"}).encode()
        with vendor_errors(self.provider, OSError, HTTPException, _BadStatus) as call:
            body = self._ask_again_if_stale(request, call.started + self._timeout_seconds)
        return read_embeddings(body, count=len(texts), endpoint=self._endpoint)

    def _ask_again_if_stale(self, request: bytes, until: float) -> bytes:
        """A connection kept while the function was frozen may be dead; a new one deserves a try."""
        was_kept = self._is_connected()
        try:
            return self._ask(request, until)
        except ConnectionError:
            if not was_kept:
                raise
            return self._ask(request, until)

    def _ask(self, request: bytes, until: float) -> bytes:
        headers = {"authorization": f"Bearer {self._endpoint.api_key}", "content-type": "application/json"}
        try:
            self._connect()
            self._connection.request("POST", self._path, body=request, headers=headers)
            with self._connection.getresponse() as reply:
                return self._read(reply, until)
        except BaseException:
            self._connection.close()  # half an answer may be left on the wire
            raise

    def _connect(self) -> None:
        if not self._is_connected():
            self._connection.connect()
            self._connection.sock.settimeout(self._timeout_seconds)

    def _is_connected(self) -> bool:
        return self._connection.sock is not None

    def _read(self, reply: HTTPResponse, until: float) -> bytes:
        if reply.status != _OK:
            raise _BadStatus(reply)
        # read1 gives what has come; read would wait for a full buffer, however slowly it drips.
        chunks: Iterator[bytes] = iter(lambda: reply.read1(_READ_BYTES), b"")
        return read_reply(chunks, provider=self.provider, max_bytes=MAX_REPLY_BYTES, until=until)


class _BadStatus(Exception):
    """An answer other than 200, told in the words the SDKs' errors use. A redirect is one: the key stays here."""

    def __init__(self, response: HTTPResponse) -> None:
        super().__init__(response.status)
        self.status_code = response.status
        self.response = response


def _connection(base_url: str, timeout_seconds: float) -> HTTPConnection:
    """Not yet connected."""
    address = urlsplit(base_url)
    connection = HTTPConnection if address.scheme == "http" else HTTPSConnection
    return connection(address.hostname or "", address.port, timeout=timeout_seconds)
