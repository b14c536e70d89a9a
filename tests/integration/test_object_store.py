"""Our adapter and a bucket that checks signatures: streams pinned to their bytes, parts of our own, pages of keys."""

import hashlib
import io
import json
import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest

from dev.aws_emulator import notify
from shared.aws.signed_http import SignedHttp
from shared.config.credentials import Credentials
from shared.errors import NotFound, TooLarge, VendorDown
from shared.media.s3_store import S3Store
from tests.fixtures.object_store import BUCKET, REGION, LocalBucket, local_bucket, store_at

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBucket]:
    with local_bucket(tmp_path_factory.mktemp("objects"), max_body_bytes=128 * MIB) as running:
        yield running


@pytest.fixture
def store(bucket: LocalBucket) -> S3Store:
    return store_at(bucket.edge_url)


def test_an_object_comes_back_byte_for_byte_with_its_size_and_digest(store: S3Store, tmp_path: Path) -> None:
    content = os.urandom(5 * MIB + 3)
    store.write("parts/whole.flac", content, content_type="audio/flac")
    facts = store.look("parts/whole.flac")
    assert facts is not None
    assert (facts.size_bytes, facts.content_type) == (len(content), "audio/flac")
    with (tmp_path / "whole").open("wb") as file:
        received = store.download("parts/whole.flac", etag=facts.etag, to=file, max_bytes=len(content))
    assert (received.size_bytes, received.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (tmp_path / "whole").read_bytes() == content
    assert store.read("parts/whole.flac", etag=None, max_bytes=len(content)) == content


def test_a_download_of_other_bytes_than_the_pinned_ones_is_refused(store: S3Store) -> None:
    store.write("parts/replaced", b"first", content_type="audio/flac")
    facts = store.look("parts/replaced")
    assert facts is not None
    store.write("parts/replaced", b"other", content_type="audio/flac")
    to = io.BytesIO()
    with pytest.raises(NotFound):
        store.download("parts/replaced", etag=facts.etag, to=to, max_bytes=100)
    with pytest.raises(NotFound):
        store.download("parts/never", etag=None, to=to, max_bytes=100)
    assert to.getvalue() == b""
    assert store.read("parts/replaced", etag=None, max_bytes=5) == b"other"


def test_a_download_stops_at_its_limit_and_the_next_one_works(store: S3Store) -> None:
    store.write("parts/large", bytes(8 * MIB), content_type="audio/flac")
    to = io.BytesIO()
    with pytest.raises(TooLarge):
        store.download("parts/large", etag=None, to=to, max_bytes=2 * MIB)
    assert len(to.getvalue()) <= 2 * MIB
    assert store.download("parts/large", etag=None, to=io.BytesIO(), max_bytes=8 * MIB).size_bytes == 8 * MIB


def test_a_large_object_is_never_held_whole(store: S3Store, tmp_path: Path) -> None:
    store.write("parts/huge", bytes(96 * MIB), content_type="audio/flac")
    process = psutil.Process()
    before = process.memory_info().rss
    most = 0
    with (tmp_path / "huge").open("wb") as file:

        class Watched(io.BytesIO):
            def write(self, data: object, /) -> int:
                nonlocal most
                most = max(most, process.memory_info().rss - before)
                return file.write(data)  # type: ignore[arg-type]

        received = store.download("parts/huge", etag=None, to=Watched(), max_bytes=96 * MIB)
    assert received.size_bytes == 96 * MIB
    assert most < 48 * MIB  # the edge streams in this process, too
    store.discard(["parts/huge"])


class Cutting(BaseHTTPRequestHandler):
    """Promises a hundred bytes and hangs up after ten."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response_only(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(bytes(10))
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002 - the base's names
        return


def test_a_body_that_was_cut_short_never_passes_for_a_whole_one() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Cutting) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        store = store_at(f"http://127.0.0.1:{server.server_port}")
        for attempt in (
            lambda: store.download("x", etag=None, to=io.BytesIO(), max_bytes=100),
            lambda: store.read("x", etag=None, max_bytes=100),
        ):
            with pytest.raises(VendorDown):
                attempt()
        server.shutdown()
        thread.join()


class Slow(BaseHTTPRequestHandler):
    """Takes a large body in over half a second, a mebibyte at a time."""

    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        left = int(self.headers["Content-Length"])
        while left > 0:
            left -= len(self.rfile.read(min(left, MIB)))
            time.sleep(0.02)
        self.send_response_only(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002 - the base's names
        return


def test_a_large_write_may_take_longer_than_connecting() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        http = SignedHttp(
            credentials=Credentials(access_key="a", secret_key="b"),
            region=REGION,
            service="s3",
            connect_timeout_seconds=0.5,
        )
        store = S3Store(http, endpoint_url=f"http://127.0.0.1:{server.server_port}", bucket=BUCKET)
        try:
            store.write("parts/slow.flac", bytes(64 * MIB), content_type="audio/flac")
        finally:
            server.shutdown()
            thread.join()


def test_objects_are_listed_page_by_page_in_the_order_of_their_keys(bucket: LocalBucket, store: S3Store) -> None:
    odd, plain = ["list/a b+c%2F", "list/&<>", "list/ü"], [f"list/{number:04}" for number in range(1_010)]
    s3 = bucket.s3()
    for key in odd:
        s3.put_object(Bucket=BUCKET, Key=key, Body=key.encode())
    s3.close()
    bucket.fill(plain)
    first = store.list_objects("list/", after=None)
    assert (len(first.objects), first.next_after) == (1_000, first.objects[-1].object_key)
    second = store.list_objects("list/", after=first.next_after)
    assert second.next_after is None
    listed = [*first.objects, *second.objects]
    assert [found.object_key for found in listed] == sorted(odd + plain)
    assert all(found.size_bytes == len(found.object_key.encode()) for found in listed)
    assert all(abs(datetime.now(UTC) - found.modified_at) < timedelta(minutes=15) for found in listed)
    assert store.list_objects("nothing/", after=None).objects == ()


def test_the_queue_hears_of_what_phones_write_and_not_of_our_own_parts(tmp_path: Path) -> None:
    with local_bucket(tmp_path) as bucket:
        notify(bucket.moto_url, BUCKET, bucket.queue, region=REGION, prefix="sessions/")
        bucket.notices()
        store = store_at(bucket.edge_url)
        for key in ("parts/s/m/0.flac", "sessions/s/audio/m.wav", "other"):
            store.write(key, b"bytes", content_type="audio/flac")
        keys = [json.loads(body)["Records"][0]["s3"]["object"]["key"] for body in bucket.notices()]
        assert keys == [quote("sessions/s/audio/m.wav", safe="")]
