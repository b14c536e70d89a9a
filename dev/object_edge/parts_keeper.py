"""Uploads in parts: sends on to moto what changes their bytes, and remembers of them what moto does not."""

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import httpx

from dev.object_edge.exchange import Exchange, Operation
from dev.object_edge.key_locks import KeyLocks
from dev.object_edge.unfinished import SHA256_HEADER, KnownPart, UnderWay, Unfinished, check_part, parts_xml
from dev.object_edge.upstream import Upstream

PARTS_OPERATIONS = frozenset(
    {
        Operation.BEGIN_PARTS,
        Operation.PUT_PART,
        Operation.LIST_PARTS,
        Operation.LIST_UNFINISHED,
        Operation.ABANDON_PARTS,
    }
)
HTTP_OK = 200


@dataclass(frozen=True, kw_only=True)
class PartsKeeper:
    """moto and what is remembered of uploads under way, changed together."""

    upstream: Upstream
    locks: KeyLocks
    unfinished: Unfinished
    clock: Callable[[], float]

    async def answer(self, exchange: Exchange) -> httpx.Response:
        """Does what the exchange asks, one of `PARTS_OPERATIONS`.

        Raises:
            S3Error: moto does not answer, or S3 would refuse.
        """
        match exchange.operation:
            case Operation.BEGIN_PARTS:
                return await self._begin(exchange)
            case Operation.PUT_PART:
                return await self._put(exchange)
            case Operation.LIST_PARTS:
                return _xml(parts_xml(self._of(exchange), exchange.query))
            case Operation.LIST_UNFINISHED:
                return _xml(self.unfinished.listed(exchange.address.bucket, exchange.query))
            case _:
                return await self._abandon(exchange)

    async def _begin(self, exchange: Exchange) -> httpx.Response:
        response = await self._forward(exchange)
        if response.is_success:
            upload_id = _upload_id(response.content)
            self.unfinished.uploads[upload_id] = UnderWay(
                upload_id=upload_id,
                address=exchange.address,
                needs_sha256=exchange.headers.get("x-amz-checksum-algorithm", "").upper() == "SHA256",
                begun_at=self.clock(),
            )
        return response

    async def _put(self, exchange: Exchange) -> httpx.Response:
        # Alone: of a part sent twice at once, moto and this must remember the same one.
        async with self.locks.alone(exchange.address.bucket, [exchange.address.key]):
            upload, body = self._of(exchange), exchange.body
            checksums = body.checksums if body else {}
            check_part(upload, checksums)
            response = await self._forward(exchange)
            if response.is_success:
                upload.parts[int(exchange.query["partNumber"])] = KnownPart(
                    etag=response.headers["etag"],
                    size_bytes=body.size_bytes if body else 0,
                    sha256=checksums.get(SHA256_HEADER),
                    put_at=self.clock(),
                )
        return response

    async def _abandon(self, exchange: Exchange) -> httpx.Response:
        async with self.locks.alone(exchange.address.bucket, [exchange.address.key]):
            upload = self._of(exchange)
            response = await self._forward(exchange)
            if response.is_success:
                del self.unfinished.uploads[upload.upload_id]
        return response

    def _of(self, exchange: Exchange) -> UnderWay:
        return self.unfinished.of(exchange.query["uploadId"], exchange.address)

    async def _forward(self, exchange: Exchange) -> httpx.Response:
        body = exchange.body.file if exchange.body else None
        return await self.upstream.fetch(exchange.request.method, exchange.target, exchange.headers, body)


def _xml(content: bytes) -> httpx.Response:
    return httpx.Response(HTTP_OK, content=content, headers={"content-type": "application/xml"})


def _upload_id(xml: bytes) -> str:
    root = ET.fromstring(xml)  # noqa: S314 - moto's own answer, on this machine
    return next(element.text or "" for element in root.iter() if element.tag.rpartition("}")[2] == "UploadId")
