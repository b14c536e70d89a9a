"""Puts kept objects back into a fresh moto.

Call it after moto started and before bucket notifications are set, so that no event fires:
`report = await restore(upstream_url, archive_folder, region=...)`. Creates the buckets it needs.
"""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree as ET

import httpx

from dev.object_edge.archive import Archive, DamagedFile, KeptObject, open_kept
from dev.object_edge.upstream import Upstream, connect, location_xml
from dev.object_edge.wire import ObjectAddress

HTTP_OK = 200
HTTP_CONFLICT = 409


@dataclass(frozen=True, kw_only=True)
class Restored:
    """How many objects came back, and the names of files that were damaged and left out."""

    objects: int
    damaged: tuple[str, ...]


class NotRestored(RuntimeError):
    """moto refused an object, or gave it another ETag than it had."""


async def restore(upstream_url: str, archive_folder: Path, *, region: str) -> Restored:
    """Puts every kept object back with its headers and the same ETag.

    Raises:
        NotRestored: moto does not take an object as it was.
    """
    archive = Archive(folder=archive_folder)
    archive.remove_unfinished()
    upstream = connect(upstream_url, region)
    async with upstream.client:
        return await _restore_all(archive, upstream)


async def _restore_all(archive: Archive, upstream: Upstream) -> Restored:
    damaged: list[str] = []
    buckets: set[str] = set()
    count = 0
    for path in archive.paths():
        try:
            with open_kept(path) as (kept, body):
                if kept.bucket not in buckets:
                    await _create_bucket(upstream, kept.bucket)
                    buckets.add(kept.bucket)
                await _restore_object(upstream, kept, body)
                count += 1
        except DamagedFile:
            damaged.append(path.name)
    return Restored(objects=count, damaged=tuple(damaged))


async def _create_bucket(upstream: Upstream, bucket: str) -> None:
    xml = location_xml(upstream.region)
    headers = {"content-length": str(len(xml))}
    response = await upstream.fetch("PUT", f"/{bucket}", headers, io.BytesIO(xml))
    if response.status_code not in {HTTP_OK, HTTP_CONFLICT}:
        raise NotRestored(f"bucket {bucket}: {response.status_code} {response.text}")


async def _restore_object(upstream: Upstream, kept: KeptObject, body: IO[bytes]) -> None:
    target = ObjectAddress(bucket=kept.bucket, key=kept.key).target
    if kept.part_sizes:
        etag = await _put_in_parts(upstream, target, kept, body)
    else:
        headers = {**kept.headers, "content-length": str(kept.size_bytes)}
        etag = _accepted(kept, await upstream.fetch("PUT", target, headers, body)).headers["etag"]
    if etag != kept.etag:
        raise NotRestored(f"{kept.bucket}/{kept.key}: came back as {etag}, was {kept.etag}")


async def _put_in_parts(upstream: Upstream, target: str, kept: KeptObject, body: IO[bytes]) -> str:
    begun = _accepted(kept, await upstream.fetch("POST", f"{target}?uploads", {**kept.headers, "content-length": "0"}))
    upload = f"uploadId={_text(begun, 'UploadId')}"
    parts = ""
    for number, size_bytes in enumerate(kept.part_sizes, start=1):
        part = io.BytesIO(body.read(size_bytes))
        part_target = f"{target}?partNumber={number}&{upload}"
        put = await upstream.fetch("PUT", part_target, {"content-length": str(size_bytes)}, part)
        etag = _accepted(kept, put).headers["etag"]
        parts += f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"
    complete = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
    headers = {"content-length": str(len(complete))}
    done = await upstream.fetch("POST", f"{target}?{upload}", headers, io.BytesIO(complete))
    return _text(_accepted(kept, done), "ETag")


def _accepted(kept: KeptObject, response: httpx.Response) -> httpx.Response:
    if response.status_code != HTTP_OK:
        raise NotRestored(f"{kept.bucket}/{kept.key}: {response.status_code} {response.text}")
    return response


def _text(response: httpx.Response, name: str) -> str:
    root = ET.fromstring(response.content)  # noqa: S314 - moto's own answer, on this machine
    return next((e.text or "" for e in root.iter() if e.tag.rpartition("}")[2] == name), "")
