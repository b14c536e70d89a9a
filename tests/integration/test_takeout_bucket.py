"""Taking out and bringing back over the local bucket, which checks signatures: whole objects, parts, ranges, URLs."""

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta

import httpx
import psycopg
import pytest

from shared.errors import NotFound, VendorDown
from shared.media.model import MediaType
from shared.media.parts import PART_BYTES
from shared.media.s3_store import S3Store
from shared.media.store import SignedUpload
from shared.takeout.declare_import import declare_import
from shared.takeout.export_account import export_account
from shared.takeout.import_account import import_account
from shared.takeout.model import TransferState, WrittenObject
from shared.takeout.object_writer import ObjectWriter
from shared.takeout.read_export import read_export
from shared.takeout.read_import import read_import
from shared.takeout.start_import import start_import
from tests.fixtures.captured import Backend
from tests.fixtures.object_store import LocalBucket, local_bucket, store_at
from tests.fixtures.taking_out import files_of

RECORDING = os.urandom(PART_BYTES + 1_000_000)  # nothing makes it smaller


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBucket]:
    with local_bucket(tmp_path_factory.mktemp("objects")) as running:
        yield running


@pytest.fixture
def store(bucket: LocalBucket) -> S3Store:
    return store_at(bucket.edge_url)


def put_signed(upload: SignedUpload, content: bytes) -> int:
    """What a user does with the permission."""
    with httpx.Client(trust_env=False) as client:
        return client.put(upload.url, headers=dict(upload.headers), content=content).status_code


def written(store: S3Store, key: str, content: bytes) -> WrittenObject:
    writer = ObjectWriter(store, key, content_type="audio/wav")
    for start in range(0, len(content), 3_000_000):
        writer.write(content[start : start + 3_000_000])
    return writer.finish()[0]


def test_an_account_larger_than_a_part_goes_out_and_comes_back_through_signed_urls(
    backend: Backend, store: S3Store, owner: psycopg.Connection
) -> None:
    alice, bob = backend.user("alice"), backend.user("bob")
    media = backend.media(alice, backend.session(alice), MediaType.AUDIO, size=len(RECORDING))
    written(store, media.object_key, RECORDING)
    owner.execute(
        "UPDATE media_files SET status = 'uploaded', uploaded_at = now(), etag = %s",
        [(facts := store.look(media.object_key)) and facts.etag],
    )
    wanted = read_export(backend.db, store, backend.queue, alice).transfer
    export_account(backend.db, store, backend.queue, user_id=alice, transfer_id=wanted.id)
    download = read_export(backend.db, store, backend.queue, alice)
    with urllib.request.urlopen(download.url or "") as answer:  # noqa: S310 - our own bucket
        content, shown_as = answer.read(), answer.headers["content-disposition"]
    assert hashlib.sha256(content).hexdigest() == download.transfer.sha256
    assert shown_as == f'attachment; filename="second-brain-{(wanted.created_at).date().isoformat()}.zip"'
    assert RECORDING in files_of(content).values()
    file = WrittenObject(size_bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
    back, upload = declare_import(backend.db, store, backend.queue, bob, file)
    assert put_signed(upload, content[:-1] + b"?") >= 400
    assert put_signed(upload, content) == 200
    start_import(backend.db, store, backend.queue, bob, back.id)
    import_account(backend.db, store, backend.queue, user_id=bob, transfer_id=back.id)
    assert read_import(backend.db, bob, back.id).state is TransferState.COMPLETED
    [(key, etag)] = owner.execute("SELECT object_key, etag FROM media_files WHERE user_id = %s", [bob]).fetchall()
    assert store.read(key, etag=etag, max_bytes=len(RECORDING)) == RECORDING


def test_an_url_of_an_export_opens_that_object_only_and_for_ten_minutes(bucket: LocalBucket, store: S3Store) -> None:
    written(store, "exports/a.zip", b"of alice")
    url = store.sign_download("exports/a.zip", file_name="a.zip", expires_in_seconds=600)
    for forged in (url.replace("/a.zip", "/b.zip"), url.replace("attachment", "inline"), url.partition("?")[0]):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(forged)  # noqa: S310 - our own bucket
    bucket.clock.offset_seconds = timedelta(minutes=11).total_seconds()
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(url)  # noqa: S310 - our own bucket
    bucket.clock.offset_seconds = 0


def test_a_stretch_is_read_of_the_pinned_object_only(store: S3Store) -> None:
    written(store, "imports/a.zip", b"0123456789")
    facts = store.look("imports/a.zip")
    assert facts is not None
    assert store.read_range("imports/a.zip", etag=facts.etag, first=3, size_bytes=4) == b"3456"
    written(store, "imports/a.zip", b"9876543210")
    with pytest.raises(NotFound):
        store.read_range("imports/a.zip", etag=facts.etag, first=3, size_bytes=4)
    with pytest.raises(NotFound):
        store.read_range("imports/none.zip", etag=facts.etag, first=0, size_bytes=1)


def test_an_object_in_parts_is_there_when_it_is_finished_and_leaves_nothing_when_it_is_abandoned(
    store: S3Store,
) -> None:
    assert written(store, "exports/parts.zip", RECORDING).sha256 == hashlib.sha256(RECORDING).hexdigest()
    assert store.read("exports/parts.zip", etag=None, max_bytes=len(RECORDING)) == RECORDING
    writer = ObjectWriter(store, "exports/abandoned.zip", content_type="application/zip")
    writer.write(RECORDING)
    assert len(store.list_unfinished("exports/", after=None).uploads) == 1
    writer.abandon()
    assert store.list_unfinished("exports/", after=None).uploads == ()
    assert store.look("exports/abandoned.zip") is None
    with pytest.raises(VendorDown):
        writer.finish()
