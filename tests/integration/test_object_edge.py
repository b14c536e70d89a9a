"""The local bucket takes what boto3 and a phone send, tells the queue once, and survives a restart.

Real parts throughout: moto in its process, the edge on a socket, boto3 unmodified.
"""

import hashlib
import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fixtures.object_store import ACCESS_KEY, BUCKET, REGION, SECRET_KEY, LocalBucket, local_bucket
from tests.fixtures.signed_requests import (
    CONTENT,
    CRC32,
    SHA256,
    Attempt,
    aws_chunked,
    botocore_auth,
    botocore_credentials,
    botocore_request,
    chunked,
    code_of,
    presign,
    send,
    with_headers,
)

ClientError: Any = importlib.import_module("botocore.exceptions").ClientError


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBucket]:
    with local_bucket(tmp_path_factory.mktemp("objects")) as running:
        yield running


def test_a_presigned_upload_is_stored_once_and_told_to_the_queue_once(bucket: LocalBucket) -> None:
    bucket.notices()
    attempt = presign(bucket, "sessions/1/audio/a b+c.m4a")
    first = send(bucket, attempt)
    assert (first.status_code, first.headers["etag"]) == (200, f'"{hashlib.md5(CONTENT).hexdigest()}"')  # noqa: S324
    again = send(bucket, attempt)
    assert (again.status_code, code_of(again)) == (412, "PreconditionFailed")
    notices = [json.loads(body) for body in bucket.notices()]
    assert [n["Records"][0]["eventName"] for n in notices] == ["ObjectCreated:Put"]
    assert notices[0]["Records"][0]["s3"]["object"]["size"] == len(CONTENT)


def test_of_many_uploads_by_one_url_at_once_exactly_one_is_taken(bucket: LocalBucket) -> None:
    bucket.notices()
    attempt = presign(bucket, "race.m4a")
    with ThreadPoolExecutor(8) as phones:
        answers = list(phones.map(lambda _: send(bucket, attempt).status_code, range(8)))
    assert sorted(answers) == [200] + [412] * 7
    assert len(bucket.notices()) == 1


def test_a_presigned_get_gives_a_part_or_all_until_it_expires(bucket: LocalBucket) -> None:
    s3 = bucket.s3()
    s3.put_object(Bucket=BUCKET, Key="listen.m4a", Body=CONTENT)
    url = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "listen.m4a"}, ExpiresIn=60)
    s3.close()
    get = Attempt(method="GET", url=url, content=b"")
    assert send(bucket, get).content == CONTENT
    part = send(bucket, with_headers(get, range="bytes=2-7"))
    assert (part.status_code, part.content) == (206, CONTENT[2:8])
    assert send(bucket, replace(get, seconds_later=61)).status_code == 403


def test_a_header_hoisted_into_the_query_counts_as_a_header(bucket: LocalBucket) -> None:
    credentials = botocore_credentials.Credentials(ACCESS_KEY, SECRET_KEY)
    params = {"x-amz-checksum-sha256": SHA256, "x-amz-meta-kind": "voice", "x-id": "PutObject"}
    request = botocore_request.AWSRequest(method="PUT", url=bucket.object_url("hoisted"), params=params)
    botocore_auth.S3SigV4QueryAuth(credentials, "s3", REGION, expires=600).add_auth(request)
    attempt = Attempt(url=str(request.url))
    assert code_of(send(bucket, replace(attempt, content=b"other"))) == "BadDigest"
    assert send(bucket, attempt).status_code == 200
    s3 = bucket.s3()
    assert s3.head_object(Bucket=BUCKET, Key="hoisted")["Metadata"] == {"kind": "voice"}
    s3.close()


def test_an_aws_chunked_body_is_stored_without_its_wrapping(bucket: LocalBucket) -> None:
    assert send(bucket, chunked(bucket, aws_chunked(CONTENT, CRC32))).status_code == 200
    s3 = bucket.s3()
    answer = s3.get_object(Bucket=BUCKET, Key="chunked.bin", ChecksumMode="ENABLED")
    assert (answer["Body"].read(), answer.get("ContentEncoding", "")) == (CONTENT, "")
    assert answer["ChecksumCRC32"] == CRC32
    s3.close()


ODD_KEYS = [
    "a b+c%2F.txt",
    "ü/ø?&=#.bin",
    "a/../b",
    "../../x",
    "a//b",
    "./x",
    "/lead",
    "trail/",
    "%41",
    "~-_.!*'()",
]


@pytest.mark.parametrize("key", ODD_KEYS)
def test_an_odd_key_goes_in_and_comes_back(bucket: LocalBucket, key: str) -> None:
    s3 = bucket.s3()
    s3.put_object(Bucket=BUCKET, Key=key, Body=key.encode(), ContentType="text/odd", Metadata={"note": "kept"})
    answer = s3.get_object(Bucket=BUCKET, Key=key)
    assert (answer["Body"].read(), answer["ContentType"]) == (key.encode(), "text/odd")
    assert s3.head_object(Bucket=BUCKET, Key=key)["Metadata"] == {"note": "kept"}
    assert key in [o["Key"] for o in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    s3.delete_object(Bucket=BUCKET, Key=key)
    with pytest.raises(ClientError) as gone:
        s3.head_object(Bucket=BUCKET, Key=key)
    assert gone.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    s3.close()


@pytest.mark.parametrize("size_bytes", [0, 10, 2_000_000])
def test_an_object_that_calls_itself_compressed_is_left_alone(bucket: LocalBucket, size_bytes: int) -> None:
    s3 = bucket.s3()
    for encoding in ("gzip", "br"):
        s3.put_object(Bucket=BUCKET, Key="packed", Body=bytes(size_bytes), ContentEncoding=encoding)
        s3.copy_object(Bucket=BUCKET, Key="packed-copy", CopySource={"Bucket": BUCKET, "Key": "packed"})
        url = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "packed-copy"}, ExpiresIn=60)
        with httpx.Client(trust_env=False) as client, client.stream("GET", url) as answer:
            assert answer.headers["content-encoding"] == encoding
            assert b"".join(answer.iter_raw()) == bytes(size_bytes)
        assert s3.head_object(Bucket=BUCKET, Key="packed")["ContentLength"] == size_bytes
    s3.close()


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_boto3_uploads_with_every_checksum_it_can_make_itself(bucket: LocalBucket, algorithm: str) -> None:
    s3 = bucket.s3()
    s3.put_object(Bucket=BUCKET, Key="sum", Body=bytes(3_000_000), ChecksumAlgorithm=algorithm)
    assert s3.get_object(Bucket=BUCKET, Key="sum")["Body"].read() == bytes(3_000_000)
    s3.close()


def test_a_local_page_may_put_and_read_the_etag_and_no_other_page(bucket: LocalBucket) -> None:
    ask = {"origin": "http://localhost:5173", "access-control-request-method": "PUT"}
    asked = Attempt(method="OPTIONS", url=bucket.object_url("x"), headers=ask, content=b"")
    allowed = send(bucket, asked)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == "http://localhost:5173"
    stranger = send(bucket, with_headers(asked, origin="https://localhost.evil.test"))
    assert (stranger.status_code, code_of(stranger)) == (403, "AccessForbidden")
    put = send(bucket, with_headers(presign(bucket, "page"), origin="http://127.0.0.1:3000"))
    assert put.headers["access-control-allow-origin"] == "http://127.0.0.1:3000"
    assert "ETag" in put.headers["access-control-expose-headers"]
    foreign = send(bucket, with_headers(presign(bucket, "page2"), origin="https://evil.test"))
    assert "access-control-allow-origin" not in foreign.headers


def upload_in_parts(s3: Any, key: str, parts: list[bytes]) -> str:
    upload_id = s3.create_multipart_upload(Bucket=BUCKET, Key=key, ContentType="audio/mp4")["UploadId"]
    done = [
        {
            "PartNumber": number,
            "ETag": s3.upload_part(Bucket=BUCKET, Key=key, PartNumber=number, UploadId=upload_id, Body=part)["ETag"],
        }
        for number, part in enumerate(parts, start=1)
    ]
    made = s3.complete_multipart_upload(Bucket=BUCKET, Key=key, UploadId=upload_id, MultipartUpload={"Parts": done})
    return made["ETag"]


def test_every_object_comes_back_after_a_restart_and_no_event_with_it(tmp_path: Path) -> None:
    parts = [os.urandom(5 * 1024 * 1024), os.urandom(1000)]
    with local_bucket(tmp_path) as first:
        s3 = first.s3()
        put = send(first, presign(first, "ü/a b+c%2F.m4a"))
        s3.put_object(Bucket=BUCKET, Key="tagged", Body=b"1", Metadata={"who": "me"}, CacheControl="no-store")
        s3.put_object(Bucket=BUCKET, Key="tagged", Body=b"2", Metadata={"who": "me"}, CacheControl="no-store")
        parts_etag = upload_in_parts(s3, "long.m4a", parts)
        s3.copy_object(Bucket=BUCKET, Key="copy", CopySource={"Bucket": BUCKET, "Key": "tagged"})
        for key in ("gone", "gone-too"):
            s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")
        s3.delete_object(Bucket=BUCKET, Key="gone")
        s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "gone-too"}], "Quiet": True})
        s3.close()
    with local_bucket(tmp_path) as second:
        s3 = second.s3()
        assert second.restored.objects == 4
        assert [json.loads(n).get("Event") for n in second.notices()] == ["s3:TestEvent"]
        listed = {o["Key"]: o["ETag"] for o in s3.list_objects_v2(Bucket=BUCKET)["Contents"]}
        assert set(listed) == {"ü/a b+c%2F.m4a", "tagged", "copy", "long.m4a"}
        assert listed["ü/a b+c%2F.m4a"] == put.headers["etag"]
        assert listed["long.m4a"] == parts_etag
        assert parts_etag.endswith('-2"')
        note = s3.get_object(Bucket=BUCKET, Key="ü/a b+c%2F.m4a")
        assert (note["Body"].read(), note["ContentType"]) == (CONTENT, "audio/mp4")
        assert s3.get_object(Bucket=BUCKET, Key="long.m4a")["Body"].read() == b"".join(parts)
        copy = s3.get_object(Bucket=BUCKET, Key="copy")
        assert (copy["Body"].read(), copy["Metadata"], copy["CacheControl"]) == (
            b"2",
            {"who": "me"},
            "no-store",
        )
        s3.close()


def test_a_damaged_file_is_reported_and_the_rest_comes_back(tmp_path: Path) -> None:
    with local_bucket(tmp_path) as first:
        s3 = first.s3()
        s3.put_object(Bucket=BUCKET, Key="whole", Body=b"whole")
        s3.put_object(Bucket=BUCKET, Key="broken", Body=b"broken")
        s3.close()
    damaged = next(p for p in tmp_path.rglob("*.object") if p.read_bytes().endswith(b"broken"))
    damaged.write_bytes(damaged.read_bytes()[:-1])
    (tmp_path / "objects" / "left-by-a-crash.part").write_bytes(b"{")
    with local_bucket(tmp_path) as second:
        assert second.restored.objects == 1
        assert second.restored.damaged == (damaged.name,)
        assert not list(tmp_path.rglob("*.part"))


def test_moto_ends_when_its_parent_is_killed() -> None:
    program = (
        "import time; from dev.aws_emulator import start_aws_emulator\n"
        "e = start_aws_emulator(); print(e.process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        moto_pid = int(parent.stdout.readline())
        descriptor = os.pidfd_open(moto_pid)
        parent.send_signal(signal.SIGKILL)
    try:
        assert is_gone_within(descriptor, seconds=10)
    finally:
        os.close(descriptor)


def is_gone_within(descriptor: int, *, seconds: float) -> bool:
    # A process descriptor becomes readable when its process ends.
    select = importlib.import_module("select").select
    return bool(select([descriptor], [], [], seconds)[0])
