"""Embeddings over bare HTTP, for the function a person waits for: OpenAI's SDK would cost it 400 ms of Init.

It asks what the SDK asks and reads what the SDK's embedder reads; a contract test runs both.
"""

import json
from collections.abc import Sequence

from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError, ProtocolError

from shared.ai.capabilities import Embedded, Endpoint
from shared.ai.embedding_replies import MAX_REPLY_BYTES, batches, joined, read_embeddings
from shared.ai.vendor_errors import read_reply, vendor_errors

TIMEOUT_SECONDS = 5
_CONNECT_SECONDS = 2
_READ_BYTES = 65_536
_OK = 200


class HttpEmbedder:
    """Fulfils Embedder."""

    def __init__(self, endpoint: Endpoint, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self.provider = endpoint.provider
        self.model = endpoint.model
        self._endpoint = endpoint
        self._timeout_seconds = timeout_seconds
        timeout = Timeout(connect=min(_CONNECT_SECONDS, timeout_seconds), total=timeout_seconds)
        self._http = PoolManager(maxsize=1, timeout=timeout, retries=False)

    def embed(self, texts: Sequence[str]) -> Embedded:
        """Unit vectors in the order of the texts. Raises VendorDown and VendorRefused."""
        return joined(self._endpoint, [self._embed(batch) for batch in batches(texts)])

    def _embed(self, texts: list[str]) -> Embedded:
        with vendor_errors(self.provider, HTTPError, _BadStatus) as call:
            body = self._ask_twice(json.dumps({"model": self.model, "input": texts, "encoding_format": "base64"}))
        return read_embeddings(body, count=len(texts), endpoint=self._endpoint, provider_ms=call.milliseconds)

    def _ask_twice(self, body: str) -> bytes:
        """A connection kept while the function was frozen is often dead: the second try has a new one."""
        try:
            return self._ask(body)
        except ProtocolError:
            return self._ask(body)

    def _ask(self, body: str) -> bytes:
        reply = self._http.request(
            "POST",
            f"{self._endpoint.base_url.rstrip('/')}/embeddings",
            body=body.encode(),
            headers={"authorization": f"Bearer {self._endpoint.api_key}", "content-type": "application/json"},
            redirect=False,  # the key goes to nobody else
            preload_content=False,
        )
        try:
            return self._read(reply)
        except BaseException:
            reply.close()  # half an answer is left on the wire: the connection is of no more use
            raise

    def _read(self, reply: BaseHTTPResponse) -> bytes:
        if reply.status != _OK:
            raise _BadStatus(reply)
        chunks = reply.stream(_READ_BYTES)
        body = read_reply(chunks, provider=self.provider, max_bytes=MAX_REPLY_BYTES, seconds=self._timeout_seconds)
        reply.release_conn()
        return body


class _BadStatus(Exception):
    """An answer other than 200, told in the words the SDKs' errors use."""

    def __init__(self, response: BaseHTTPResponse) -> None:
        super().__init__(response.status)
        self.status_code = response.status
        self.response = response
