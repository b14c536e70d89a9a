"""Speaks to moto on behalf of requests that were already verified."""

import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import IO

import httpx

from dev.object_edge.refusals import S3Error

READ_BYTES = 256 * 1024
CONNECT_TIMEOUT_SECONDS = 5
TOTAL_TIMEOUT_SECONDS = 120
MAX_CONNECTIONS = 64


@dataclass(frozen=True, kw_only=True)
class Upstream:
    """One shared client to moto's address. Close `client` when done."""

    client: httpx.AsyncClient
    base_url: httpx.URL
    region: str

    async def send(
        self, method: str, target: str, headers: Mapping[str, str], body: IO[bytes] | None = None
    ) -> httpx.Response:
        """Sends it and returns as soon as the head has come; the caller reads or closes the body.

        Args:
            method: HTTP method.
            target: path and query, sent as they are: httpx would resolve `..`, which a key may hold.
            headers: without `host` and `authorization`; `content-length` must be right when there is a body.
            body: read from where it stands.

        Raises:
            S3Error: ServiceUnavailable when moto does not answer.
        """
        request = httpx.Request(
            method,
            self.base_url,
            headers={"host": self.base_url.netloc.decode(), **headers, **self._as_owner},
            content=_pieces(body) if body else None,
            extensions={"target": target.encode("ascii"), "timeout": TIMEOUT.as_dict()},
        )
        try:
            return await self.client.send(request, stream=True)
        except httpx.TransportError as failure:
            raise S3Error("ServiceUnavailable", "The local object store does not answer.") from failure

    async def fetch(
        self, method: str, target: str, headers: Mapping[str, str], body: IO[bytes] | None = None
    ) -> httpx.Response:
        """As `send`, with the whole body read."""
        response = await self.send(method, target, headers, body)
        try:
            await response.aread()
        finally:
            await response.aclose()
        return response

    @property
    def _as_owner(self) -> dict[str, str]:
        # moto checks no signature, but reads service and region here; without, it is an anonymous request.
        scope = f"local/20200101/{self.region}/s3/aws4_request"
        return {"authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=local"}


TIMEOUT = httpx.Timeout(TOTAL_TIMEOUT_SECONDS, connect=CONNECT_TIMEOUT_SECONDS)


def connect(upstream_url: str, region: str) -> Upstream:
    """An `Upstream` with a client of its own. No connection is made yet."""
    limits = httpx.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=MAX_CONNECTIONS)
    client = httpx.AsyncClient(limits=limits, trust_env=False, verify=no_authorities())
    return Upstream(client=client, base_url=httpx.URL(upstream_url), region=region)


def no_authorities() -> ssl.SSLContext:
    """A context that trusts nobody: moto speaks plain HTTP, and loading authorities takes 30 ms."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def location_xml(region: str) -> bytes:
    """The body of a CreateBucket request in this region; S3 wants none in its first one."""
    if region == "us-east-1":
        return b""
    inner = f"<LocationConstraint>{region}</LocationConstraint>"
    return f"<CreateBucketConfiguration>{inner}</CreateBucketConfiguration>".encode()


async def _pieces(body: IO[bytes]) -> AsyncIterator[bytes]:
    while piece := body.read(READ_BYTES):
        yield piece
