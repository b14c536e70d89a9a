"""Signs requests (SigV4) with botocore's own signer and sends them over one kept connection.

A boto3 client costs 75 ms of Init for each service, because it reads the service's whole model. The handful of
calls made here need the signer only (docs/adr/0004-signed-requests-without-service-clients.md).
"""

import io
import socket
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from botocore import credentials as botocore_credentials
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ConnectionError as BotocoreConnectionError
from botocore.exceptions import HTTPClientError
from botocore.httpsession import URLLib3Session
from urllib3.exceptions import HTTPError as BrokenTransfer

from shared.config.credentials import Credentials, read_credentials
from shared.errors import VendorDown
from shared.values import frozen

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
        max_connections: int = 1,
    ) -> None:
        self._own = credentials
        self._region = region
        self._service = service
        timeout: Any = (connect_timeout_seconds, timeout_seconds)  # its stub knows one number only
        # Unlike botocore's clients, a bare session leaves Nagle's algorithm on: each body would wait 40 ms for an ACK.
        at_once: Any = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
        self._session = URLLib3Session(timeout=timeout, max_pool_connections=max_connections, socket_options=at_once)

    def send(self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
        """Sign and send; the answer's body is read. Raises VendorDown when no answer came."""
        # Bytes go in one call of the socket, which has as long for all of them as for connecting; a file goes piece by
        # piece, each with that time of its own.
        data = io.BytesIO(body) if len(body) > PIECE_BYTES else body
        request = AWSRequest(method=method, url=url, headers=dict(headers or {}), data=data)
        answer = self._send(self._signed(request))
        return Answer(status=answer.status_code, headers=_lower(answer.headers), body=answer.content or b"")

    @contextmanager
    def fetch(self, url: str, *, headers: Mapping[str, str]) -> Generator[tuple[Answer, Iterator[bytes]]]:
        """GET whose body is never held whole: the answer without its body, and the body's pieces.

        Raises VendorDown when no answer came; the pieces raise it when the body broke off.
        """
        answer = self._send(self._signed(AWSRequest(method="GET", url=url, headers=dict(headers), stream_output=True)))
        try:
            yield Answer(status=answer.status_code, headers=_lower(answer.headers), body=b""), self._pieces(answer)
        finally:
            answer.raw.close()  # no more than a look, when the body was read to its end: the connection is kept

    def presign(self, method: str, url: str, *, headers: Mapping[str, str], expires_in_seconds: int) -> str:
        """A URL anyone may use until it expires; `headers` are signed, so the user must send them as given."""
        request = AWSRequest(method=method, url=url, headers=dict(headers))
        S3SigV4QueryAuth(self._key(), self._service, self._region, expires=expires_in_seconds).add_auth(request)
        return str(request.url)

    def _key(self) -> botocore_credentials.Credentials:
        """The key that is good now: that of a function that was started from a snapshot grows old."""
        if self._own.is_old(datetime.now(UTC)):
            self._own = read_credentials()
        return botocore_credentials.Credentials(self._own.access_key, self._own.secret_key, self._own.session_token)

    def _signed(self, request: Any) -> Any:  # noqa: ANN401 - botocore ships no types
        signer = S3SigV4Auth if self._service == "s3" else SigV4Auth
        signer(self._key(), self._service, self._region).add_auth(request)
        return request.prepare()

    def _send(self, request: Any) -> Any:  # noqa: ANN401 - botocore ships no types
        try:
            return self._session.send(request)
        except (HTTPClientError, BotocoreConnectionError) as error:
            raise VendorDown(f"The {self._service} service cannot be reached.") from error

    def _pieces(self, answer: Any) -> Iterator[bytes]:  # noqa: ANN401 - botocore ships no types
        expected = answer.headers.get("Content-Length")
        received = 0
        try:
            for piece in answer.raw.stream(PIECE_BYTES):
                received += len(piece)
                yield piece
        except BrokenTransfer as error:
            raise VendorDown(f"The {self._service} service broke off in the middle of an answer.") from error
        # botocore's session asks urllib3 not to compare the two: a body cut short would pass for a whole one.
        if expected is not None and received != int(expected):
            raise VendorDown(f"The {self._service} service broke off after {received} of {expected} bytes.")


def _lower(headers: Any) -> dict[str, str]:  # noqa: ANN401 - botocore ships no types
    return {str(name).lower(): str(value) for name, value in headers.items()}
