"""The object edge as an ASGI app.

`create_app(upstream_url, access_key=, secret_key=, region=, archive_folder=, clock=time.time)` answers
path-style S3 requests (`http://127.0.0.1:PORT/bucket/key`): verifies each as S3 does, forwards what is right
to moto, keeps what it changed under `archive_folder`, and refuses the rest with S3's own error body.
It reads no environment.
Order at start: moto, bucket, `restore.restore(...)`, notifications, then this app.
"""

import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from dev.object_edge.archive import Archive
from dev.object_edge.claim import UNSIGNED_TRAILER, Claim
from dev.object_edge.cors import preflight_headers, response_headers
from dev.object_edge.exchange import Exchange, Operation
from dev.object_edge.keeper import Keeper
from dev.object_edge.key_locks import KeyLocks
from dev.object_edge.parts_keeper import PARTS_OPERATIONS, PartsKeeper
from dev.object_edge.payload import DEFAULT_MAX_BODY_BYTES, Body, receive_body
from dev.object_edge.refusals import S3Error
from dev.object_edge.rights import Rights, anything
from dev.object_edge.signature import Owner, verify
from dev.object_edge.unfinished import Unfinished
from dev.object_edge.upstream import Upstream, connect
from dev.object_edge.wire import ObjectAddress, WireRequest

# Ours to set, or meant for the hop between us and moto. moto allows every origin; the rule does not.
NOT_RETURNED = frozenset({"connection", "date", "keep-alive", "server", "transfer-encoding", "vary"})
STREAMED_FROM_BYTES = 256 * 1024
NOT_RETURNED_PREFIX = "access-control-"


def create_app(
    upstream_url: str,
    *,
    access_key: str,
    secret_key: str,
    region: str,
    archive_folder: Path,
    clock: Callable[[], float] = time.time,
    max_body_bytes: int = DEFAULT_MAX_BODY_BYTES,
    rights: Rights = anything,
) -> ASGIApp:
    """Builds the app.

    Args:
        upstream_url: moto's address, `http://127.0.0.1:PORT`.
        access_key: the bucket's owner; a key of a function begins with it.
        secret_key: its secret.
        region: the only region a signature's scope may name.
        archive_folder: where objects are kept between starts; created when absent.
        clock: seconds since the epoch; tests move it.
        max_body_bytes: a larger upload is refused with EntityTooLarge.
        rights: what whoever signed may do.
    """
    upstream, locks, unfinished = connect(upstream_url, region), KeyLocks(), Unfinished()
    edge = ObjectEdge(
        owner=Owner(access_key=access_key, secret_key=secret_key, region=region),
        upstream=upstream,
        keeper=Keeper(upstream=upstream, archive=Archive(folder=archive_folder), locks=locks, unfinished=unfinished),
        parts_keeper=PartsKeeper(upstream=upstream, locks=locks, unfinished=unfinished, clock=clock),
        clock=clock,
        max_body_bytes=max_body_bytes,
        rights=rights,
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None, None]:
        async with upstream.client:
            yield

    return Starlette(routes=[Mount("/", app=edge)], lifespan=lifespan)


@dataclass(frozen=True, kw_only=True)
class ObjectEdge:
    """Verify, receive, forward, keep, answer."""

    owner: Owner
    upstream: Upstream
    keeper: Keeper
    parts_keeper: PartsKeeper
    clock: Callable[[], float]
    max_body_bytes: int
    rights: Rights

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one HTTP request."""
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except S3Error as refusal:
            response = _refused(refusal, request)
        except ClientDisconnect:
            response = _refused(S3Error("IncompleteBody", "The connection closed before the body ended."), request)
        except httpx.TransportError:
            response = _refused(S3Error("ServiceUnavailable", "The local object store broke off."), request)
        response.headers["x-amz-request-id"] = uuid.uuid4().hex
        response.headers.update(response_headers(request.headers.get("origin")))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(headers=preflight_headers(request.headers))
        wire = _wire_request(request)
        address = wire.address
        claim = verify(wire, owner=self.owner, now_seconds=self.clock())
        body = await self._receive(request, wire, claim, address)
        try:
            exchange = Exchange(request=wire, address=address, body=body)
            self.rights(claim.access_key, exchange)
            return await self._exchange(exchange)
        finally:
            if body:
                body.file.close()

    async def _receive(self, request: Request, wire: WireRequest, claim: Claim, address: ObjectAddress) -> Body | None:
        is_sized = wire.header("content-length") is not None or claim.payload_hash == UNSIGNED_TRAILER
        if wire.method == "PUT" and address.key and not is_sized:
            raise S3Error("MissingContentLength", "You must provide the Content-Length HTTP header.")
        return await receive_body(wire, claim, request.stream(), max_bytes=self.max_body_bytes)

    async def _exchange(self, exchange: Exchange) -> Response:
        if exchange.operation in PARTS_OPERATIONS:
            answer = await self.parts_keeper.answer(exchange)
            return Response(answer.content, answer.status_code, _returned(answer.headers))
        if exchange.operation is not Operation.OTHER:
            answer = await self.keeper.change(exchange)
            return Response(answer.content, answer.status_code, _returned(answer.headers))
        body = exchange.body.file if exchange.body else None
        answer = await self.upstream.send(exchange.request.method, exchange.target, exchange.headers, body)
        if exchange.request.method == "HEAD" or _is_small(answer):
            content = b"".join([piece async for piece in _pieces(answer)])
            return Response(content, answer.status_code, _returned(answer.headers))
        return StreamingResponse(_pieces(answer), answer.status_code, _returned(answer.headers))


def _wire_request(request: Request) -> WireRequest:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
    return WireRequest(
        method=request.method,
        raw_path=request.scope["raw_path"].decode("latin-1"),
        raw_query=request.scope["query_string"].decode("latin-1"),
        headers=headers,
    )


def _refused(refusal: S3Error, request: Request) -> Response:
    xml = refusal.to_xml(resource=request.url.path, request_id=uuid.uuid4().hex)
    content = b"" if request.method == "HEAD" else xml
    return Response(content, refusal.status, media_type="application/xml")


def _returned(headers: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in headers.items()
        if name not in NOT_RETURNED and not name.startswith(NOT_RETURNED_PREFIX)
    }


def _is_small(answer: httpx.Response) -> bool:
    # Streaming costs a task group and a message per piece: not worth it for what fits into one write.
    return int(answer.headers.get("content-length", STREAMED_FROM_BYTES)) < STREAMED_FROM_BYTES


async def _pieces(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for piece in answer.aiter_raw():
            yield piece
    finally:
        await answer.aclose()
