"""Sends signed requests to a service over kept connections (docs/adr/0004)."""

import io
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError

from shared.config.credentials import Credentials, read_credentials
from shared.config.sign_request import Signer
from shared.errors import VendorDown
from shared.values import frozen
from shared.web.connect import authorities, target_of

PIECE_BYTES = 1024 * 1024


@frozen
class Answer:
    """A status, headers by lower-case name, and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class SignedHttp:
    """Sends signed requests to one service in one region."""

    def __init__(
        self,
        *,
        credentials: Credentials,
        region: str,
        service: str,
        connect_timeout_seconds: float = 2,
        timeout_seconds: float = 10,
    ) -> None:
        self._own = credentials
        self._service = service
        self._signer = Signer(region=region, service=service)
        timeout = Timeout(connect=connect_timeout_seconds, read=timeout_seconds)
        self._pools = PoolManager(timeout=timeout, retries=False)

    def send(self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
        """Sign and send; the answer's body is read. Raises VendorDown when no answer came."""
        answer = self._send(method, url, headers or {}, body, is_read=True)
        return Answer(status=answer.status, headers=_lower(answer.headers), body=answer.data)

    @contextmanager
    def fetch(self, url: str, *, headers: Mapping[str, str]) -> Generator[tuple[Answer, Iterator[bytes]]]:
        """GET whose body is never held whole: the answer without its body, and the body's pieces.

        Raises VendorDown when no answer came; the pieces raise it when the body broke off.
        """
        answer = self._send("GET", url, headers, b"", is_read=False)
        try:
            yield Answer(status=answer.status, headers=_lower(answer.headers), body=b""), self._pieces(answer)
        finally:
            answer.close()  # no more than a look, when the body was read to its end: the connection is kept

    def presign(self, method: str, url: str, *, headers: Mapping[str, str], expires_in_seconds: int) -> str:
        """A URL anyone may use until it expires; `headers` are signed, so the user must send them as given."""
        now = datetime.now(UTC)
        return self._signer.url(
            method,
            url,
            headers=headers,
            credentials=self._key(now),
            at=now,
            expires_in_seconds=expires_in_seconds,
        )

    def _key(self, now: datetime) -> Credentials:
        """The key that is good now: that of a function that was started from a snapshot grows old."""
        if self._own.is_old(now):
            self._own = read_credentials()
        return self._own

    def _send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, is_read: bool
    ) -> BaseHTTPResponse:
        now = datetime.now(UTC)
        signed = self._signer.headers(method, url, headers=headers, body=body, credentials=self._key(now), at=now)
        trusted = {"ssl_context": authorities()} if url.startswith("https:") else None
        try:
            # The target goes out as it was signed: a pool, unlike the manager of pools, follows and resolves nothing.
            return self._pools.connection_from_url(url, trusted).urlopen(
                method,
                target_of(url),
                body=_sent(body),
                headers={**signed, "content-length": str(len(body))} if body else signed,
                redirect=False,
                assert_same_host=False,
                preload_content=is_read,
                decode_content=False,
            )
        except HTTPError as error:
            raise VendorDown(f"The {self._service} service cannot be reached.") from error

    def _pieces(self, answer: BaseHTTPResponse) -> Iterator[bytes]:
        try:
            yield from answer.stream(PIECE_BYTES, decode_content=False)
        except HTTPError as error:
            raise VendorDown(f"The {self._service} service broke off in the middle of an answer.") from error


def _sent(body: bytes) -> bytes | io.BytesIO | None:
    """Bytes go in one call of the socket, which has as long for all as for connecting; a file's pieces, for each."""
    if not body:
        return None
    return io.BytesIO(body) if len(body) > PIECE_BYTES else body


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
