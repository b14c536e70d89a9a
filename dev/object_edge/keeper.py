"""Sends what changes objects on to moto, and keeps the archive equal to what moto then holds.

One key's changes go one after the other, so that archive and moto cannot end with different bytes, and
`If-None-Match: *` admits one writer only. An object is on the disk before its PUT is answered.
"""

import asyncio
import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO
from xml.etree import ElementTree as ET

import httpx

from dev.object_edge.archive import Archive, KeptObject, headers_to_keep
from dev.object_edge.exchange import Exchange, Operation
from dev.object_edge.key_locks import KeyLocks
from dev.object_edge.payload import MAX_IN_MEMORY_BYTES
from dev.object_edge.refusals import S3Error
from dev.object_edge.unfinished import Unfinished, named_parts
from dev.object_edge.upstream import Upstream
from dev.object_edge.wire import ObjectAddress

NO_BODY = {"content-length": "0"}


@dataclass(frozen=True, kw_only=True)
class Keeper:
    """moto and the archive, changed together."""

    upstream: Upstream
    archive: Archive
    locks: KeyLocks
    unfinished: Unfinished

    async def change(self, exchange: Exchange) -> httpx.Response:
        """Does what the exchange asks and keeps the outcome; moto's answer comes back, read.

        Raises:
            S3Error: moto does not answer, or a request's XML is broken.
        """
        match exchange.operation:
            case Operation.PUT:
                return await self._put(exchange)
            case Operation.COPY:
                return await self._copy(exchange)
            case Operation.COMPLETE:
                return await self._complete(exchange)
            case Operation.DELETE:
                return await self._delete(exchange, [exchange.address.key])
            case Operation.DELETE_MANY:
                return await self._delete(exchange, keys_in(exchange))
            case _:
                return await self._forward(exchange)

    async def _put(self, exchange: Exchange) -> httpx.Response:
        address, body = exchange.address, exchange.body
        if body is None:
            raise S3Error("MissingContentLength", "You must provide the Content-Length HTTP header.")
        kept = KeptObject(
            bucket=address.bucket,
            key=address.key,
            headers=headers_to_keep(exchange.headers),
            etag=f'"{body.md5_hex}"',
            size_bytes=body.size_bytes,
            sha256_hex=body.sha256_hex,
        )
        # Staged before moto hears of it: after moto's event only a rename is left to do.
        staged = await asyncio.to_thread(self.archive.stage, kept, body.file)
        try:
            async with self.locks.alone(address.bucket, [address.key]):
                # Without its query: whatever stood there, this stores the object.
                response = await self.upstream.fetch("PUT", address.target, exchange.headers, body.file)
                if response.is_success:
                    await asyncio.to_thread(self.archive.commit, staged, bucket=address.bucket, key=address.key)
        finally:
            await asyncio.to_thread(self.archive.discard, staged)
        return response

    async def _copy(self, exchange: Exchange) -> httpx.Response:
        async with self.locks.alone(exchange.address.bucket, [exchange.address.key]):
            response = await self._forward(exchange)
            if response.is_success:
                await self._keep_from_moto(exchange.address, part_sizes=())
        return response

    async def _complete(self, exchange: Exchange) -> httpx.Response:
        upload_id = exchange.query["uploadId"]
        async with self.locks.alone(exchange.address.bucket, [exchange.address.key]):
            if upload_id in self.unfinished.joined:
                # Completing once more is no error while the object is there.
                return await self._forward(exchange)
            upload = self.unfinished.of(upload_id, exchange.address)
            sizes = named_parts(upload, _xml_of(exchange))
            response = await self._forward(exchange)
            if response.is_success:
                self.unfinished.joined.add(upload_id)
                del self.unfinished.uploads[upload_id]
                await self._keep_from_moto(exchange.address, part_sizes=sizes)
        return response

    async def _delete(self, exchange: Exchange, keys: Sequence[str]) -> httpx.Response:
        bucket = exchange.address.bucket
        async with self.locks.alone(bucket, keys):
            response = await self._forward(exchange)
            if response.is_success:
                refused = set(_texts(response.content, "Error", "Key")) if response.content else set[str]()
                for key in set(keys) - refused:
                    await asyncio.to_thread(self.archive.delete, bucket=bucket, key=key)
        return response

    async def _forward(self, exchange: Exchange) -> httpx.Response:
        body = exchange.body.file if exchange.body else None
        return await self.upstream.fetch(exchange.request.method, exchange.target, exchange.headers, body)

    async def _keep_from_moto(self, address: ObjectAddress, *, part_sizes: tuple[int, ...]) -> None:
        response = await self.upstream.send("GET", address.target, {**NO_BODY, "accept-encoding": "identity"})
        with tempfile.SpooledTemporaryFile(max_size=MAX_IN_MEMORY_BYTES) as file:
            try:
                sha256_hex = await _copy_into(file, response)
            finally:
                await response.aclose()
            kept = KeptObject(
                bucket=address.bucket,
                key=address.key,
                headers=headers_to_keep(dict(response.headers)),
                etag=response.headers["etag"],
                size_bytes=file.tell(),
                sha256_hex=sha256_hex,
                part_sizes=part_sizes,
            )
            file.seek(0)
            staged = await asyncio.to_thread(self.archive.stage, kept, file)
        await asyncio.to_thread(self.archive.commit, staged, bucket=address.bucket, key=address.key)


async def _copy_into(file: IO[bytes], response: httpx.Response) -> str:
    if not response.is_success:
        raise S3Error("InternalError", "The object was stored but could not be read back to keep it.")
    digest = hashlib.sha256()
    async for piece in response.aiter_raw():
        file.write(piece)
        digest.update(piece)
    return digest.hexdigest()


def keys_in(exchange: Exchange) -> list[str]:
    """The keys that a request to delete many names. Raises S3Error when it is no XML."""
    return _texts(_xml_of(exchange), "Object", "Key")


def _xml_of(exchange: Exchange) -> bytes:
    if exchange.body is None:
        return b""
    xml = exchange.body.file.read()
    exchange.body.file.seek(0)
    return xml


def _texts(xml: bytes, parent: str, child: str) -> list[str]:
    """The text of each <child> directly within a <parent>, whatever the namespace."""
    try:
        root = ET.fromstring(xml)  # noqa: S314 - signed by the bucket's owner; expat bounds expansion
    except ET.ParseError as broken:
        raise S3Error("MalformedXML", "The XML you provided was not well-formed.") from broken
    return [
        inner.text or ""
        for outer in root.iter()
        if outer.tag.rpartition("}")[2] == parent
        for inner in outer
        if inner.tag.rpartition("}")[2] == child
    ]
