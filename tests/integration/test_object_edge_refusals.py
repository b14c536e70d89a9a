"""The object edge refuses what S3 refuses, with S3's status and code: every way a signed request can be wrong."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx
import pytest

from tests.fixtures.object_store import ACCESS_KEY, BUCKET, REGION, LocalBucket, local_bucket
from tests.fixtures.signed_requests import (
    CONTENT,
    CRC32,
    OTHER_CRC32,
    Attempt,
    aws_chunked,
    chunked,
    code_of,
    moved_to,
    presign,
    presigned_for,
    query_of,
    send,
    signed,
    with_headers,
    with_query,
    without_header,
)

WEEK_SECONDS = 7 * 24 * 3600
LIMIT_BYTES = 8 * 1024 * 1024

ACCESS_DENIED = (403, "AccessDenied")
AUTHORIZATION_HEADER_MALFORMED = (400, "AuthorizationHeaderMalformed")
AUTHORIZATION_QUERY_PARAMETERS_ERROR = (400, "AuthorizationQueryParametersError")
BAD_DIGEST = (400, "BadDigest")
ENTITY_TOO_LARGE = (400, "EntityTooLarge")
INCOMPLETE_BODY = (400, "IncompleteBody")
INVALID_ACCESS_KEY_ID = (403, "InvalidAccessKeyId")
INVALID_ARGUMENT = (400, "InvalidArgument")
INVALID_BUCKET_NAME = (400, "InvalidBucketName")
INVALID_DIGEST = (400, "InvalidDigest")
INVALID_REQUEST = (400, "InvalidRequest")
INVALID_TOKEN = (400, "InvalidToken")
INVALID_URI = (400, "InvalidURI")
KEY_TOO_LONG_ERROR = (400, "KeyTooLongError")
MALFORMED_TRAILER_ERROR = (400, "MalformedTrailerError")
MISSING_CONTENT_LENGTH = (411, "MissingContentLength")
NOT_IMPLEMENTED = (501, "NotImplemented")
REQUEST_TIME_TOO_SKEWED = (403, "RequestTimeTooSkewed")
SIGNATURE_DOES_NOT_MATCH = (403, "SignatureDoesNotMatch")
XAMZ_CONTENT__SHA256MISMATCH = (400, "XAmzContentSHA256Mismatch")


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBucket]:
    with local_bucket(tmp_path_factory.mktemp("objects"), max_body_bytes=LIMIT_BYTES) as running:
        yield running


def signed_headers(bucket: LocalBucket) -> str:
    return query_of(presign(bucket), "X-Amz-SignedHeaders")


# What is wrong -> the request, and S3's status and code.
REFUSED: dict[str, tuple[Callable[[LocalBucket], Attempt], tuple[int, str]]] = {
    "expired": (lambda b: replace(presign(b), seconds_later=601), ACCESS_DENIED),
    "not yet valid": (lambda b: replace(presign(b), seconds_later=-16 * 60), ACCESS_DENIED),
    "valid for more than a week": (
        lambda b: presign(b, expires_in=WEEK_SECONDS + 1),
        AUTHORIZATION_QUERY_PARAMETERS_ERROR,
    ),
    "expiry no number": (lambda b: with_query(presign(b), X_Amz_Expires="soon"), AUTHORIZATION_QUERY_PARAMETERS_ERROR),
    "negative expiry": (lambda b: with_query(presign(b), X_Amz_Expires="-1"), AUTHORIZATION_QUERY_PARAMETERS_ERROR),
    "expiry prolonged": (lambda b: with_query(presign(b), X_Amz_Expires="86400"), SIGNATURE_DOES_NOT_MATCH),
    "date moved": (
        lambda b: with_query(presign(b), X_Amz_Date="20000101T000000Z"),
        AUTHORIZATION_QUERY_PARAMETERS_ERROR,
    ),
    "date malformed": (lambda b: with_query(presign(b), X_Amz_Date="yesterday"), AUTHORIZATION_QUERY_PARAMETERS_ERROR),
    "signature tampered": (lambda b: with_query(presign(b), X_Amz_Signature="0" * 64), SIGNATURE_DOES_NOT_MATCH),
    "signature cut short": (
        lambda b: with_query(presign(b), X_Amz_Signature=query_of(presign(b), "X-Amz-Signature")[:-1]),
        SIGNATURE_DOES_NOT_MATCH,
    ),
    "signature empty": (lambda b: with_query(presign(b), X_Amz_Signature=""), SIGNATURE_DOES_NOT_MATCH),
    "signature missing": (lambda b: with_query(presign(b), X_Amz_Signature=None), AUTHORIZATION_QUERY_PARAMETERS_ERROR),
    "algorithm missing": (lambda b: with_query(presign(b), X_Amz_Algorithm=None), AUTHORIZATION_QUERY_PARAMETERS_ERROR),
    "algorithm none": (lambda b: with_query(presign(b), X_Amz_Algorithm="none"), AUTHORIZATION_QUERY_PARAMETERS_ERROR),
    "signature given twice": (
        lambda b: replace(presign(b), url=f"{presign(b).url}&X-Amz-Signature=0"),
        AUTHORIZATION_QUERY_PARAMETERS_ERROR,
    ),
    "another key": (lambda b: moved_to(presign(b), f"/{BUCKET}/other.m4a"), SIGNATURE_DOES_NOT_MATCH),
    "another bucket": (lambda b: moved_to(presign(b), "/other/note.m4a"), SIGNATURE_DOES_NOT_MATCH),
    "another method": (lambda b: replace(presign(b), method="DELETE"), SIGNATURE_DOES_NOT_MATCH),
    "a parameter added": (lambda b: with_query(presign(b), tagging=""), SIGNATURE_DOES_NOT_MATCH),
    "a header added to those signed": (
        lambda b: with_query(presign(b), X_Amz_SignedHeaders=f"{signed_headers(b)};range"),
        SIGNATURE_DOES_NOT_MATCH,
    ),
    "a header taken from those signed": (
        lambda b: with_query(presign(b), X_Amz_SignedHeaders=signed_headers(b).replace("content-length;", "")),
        SIGNATURE_DOES_NOT_MATCH,
    ),
    "host not signed": (
        lambda b: with_query(presign(b), X_Amz_SignedHeaders="content-type;x-amz-checksum-sha256"),
        ACCESS_DENIED,
    ),
    "an amz header not signed": (lambda b: with_headers(presign(b), x_amz_acl="public-read"), ACCESS_DENIED),
    "a signed header not sent": (lambda b: without_header(presign(b), "content-type"), SIGNATURE_DOES_NOT_MATCH),
    "another host": (lambda b: with_headers(presign(b), host="evil.test"), SIGNATURE_DOES_NOT_MATCH),
    "another length": (lambda b: replace(presign(b), content=CONTENT + b"!"), SIGNATURE_DOES_NOT_MATCH),
    "another type": (lambda b: with_headers(presign(b), content_type="text/html"), SIGNATURE_DOES_NOT_MATCH),
    "other bytes than the checksum": (lambda b: replace(presign(b), content=b"A SPOKEN NOTE"), BAD_DIGEST),
    "a checksum that is none": (lambda b: signed(b, x_amz_checksum_sha256="bm9uZQ=="), INVALID_DIGEST),
    "a checksum that cannot be verified here": (
        lambda b: signed(b, x_amz_checksum_crc64nvme="AAAAAAAAAAA="),
        NOT_IMPLEMENTED,
    ),
    "an unknown access key": (lambda b: presign(b, aws_access_key_id="SOMEBODYELSE"), INVALID_ACCESS_KEY_ID),
    "another secret": (lambda b: presign(b, aws_secret_access_key="guessed"), SIGNATURE_DOES_NOT_MATCH),
    "a session token nobody gave": (lambda b: presign(b, aws_session_token="token"), INVALID_TOKEN),
    "another region": (lambda b: presign(b, region_name="us-west-2"), AUTHORIZATION_QUERY_PARAMETERS_ERROR),
    "another service": (lambda b: presigned_for(b, "sqs"), AUTHORIZATION_QUERY_PARAMETERS_ERROR),
    "a credential of four parts": (
        lambda b: with_query(presign(b), X_Amz_Credential=f"{ACCESS_KEY}/20260101/{REGION}/s3"),
        AUTHORIZATION_QUERY_PARAMETERS_ERROR,
    ),
    "presigned the old way": (lambda b: presign(b, signature_version="s3"), INVALID_REQUEST),
    "signed the old way": (
        lambda b: Attempt(url=b.object_url("x"), headers={"authorization": f"AWS {ACCESS_KEY}:c2ln"}),
        INVALID_REQUEST,
    ),
    "signed both ways": (lambda b: with_headers(presign(b), authorization=f"AWS {ACCESS_KEY}:c2ln"), INVALID_ARGUMENT),
    "another mechanism": (
        lambda b: Attempt(url=b.object_url("x"), headers={"authorization": "Bearer token"}),
        INVALID_ARGUMENT,
    ),
    "anonymous": (lambda b: Attempt(url=b.object_url("x")), ACCESS_DENIED),
    "an anonymous form": (lambda b: Attempt(method="POST", url=b.object_url("")), ACCESS_DENIED),
    "an anonymous listing": (lambda b: Attempt(method="GET", url=b.object_url(""), content=b""), ACCESS_DENIED),
    "header: signed long ago": (lambda b: replace(signed(b), seconds_later=901), REQUEST_TIME_TOO_SKEWED),
    "header: no date": (lambda b: without_header(signed(b), "x-amz-date"), ACCESS_DENIED),
    "header: no payload hash": (lambda b: without_header(signed(b), "x-amz-content-sha256"), INVALID_REQUEST),
    "header: a payload hash that is none": (lambda b: signed(b, sha256="abc"), INVALID_ARGUMENT),
    "header: signed chunks": (lambda b: signed(b, sha256="STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), NOT_IMPLEMENTED),
    "header: other bytes than the hash": (
        lambda b: replace(signed(b), content=b"A SPOKEN NOTE"),
        XAMZ_CONTENT__SHA256MISMATCH,
    ),
    "header: another payload hash": (
        lambda b: with_headers(signed(b), x_amz_content_sha256="UNSIGNED-PAYLOAD"),
        SIGNATURE_DOES_NOT_MATCH,
    ),
    "header: an unknown access key": (lambda b: signed(b, access_key="NOBODY"), INVALID_ACCESS_KEY_ID),
    "header: a signature alone": (
        lambda b: with_headers(signed(b), authorization="AWS4-HMAC-SHA256 Signature=0"),
        AUTHORIZATION_HEADER_MALFORMED,
    ),
    "header: another Content-MD5": (lambda b: signed(b, content_md5=base64.b64encode(b"0" * 16).decode()), BAD_DIGEST),
    "chunks: another checksum": (lambda b: chunked(b, aws_chunked(CONTENT, OTHER_CRC32)), BAD_DIGEST),
    "chunks: another length": (lambda b: chunked(b, aws_chunked(CONTENT, CRC32), decoded=5), INCOMPLETE_BODY),
    "chunks: no length": (lambda b: chunked(b, aws_chunked(CONTENT, CRC32), decoded=None), MISSING_CONTENT_LENGTH),
    "chunks: cut short": (lambda b: chunked(b, b"d\r\na spoken"), INCOMPLETE_BODY),
    "chunks: another trailer than announced": (
        lambda b: chunked(b, aws_chunked(CONTENT, CRC32), trailer="sha1"),
        MALFORMED_TRAILER_ERROR,
    ),
    "too large": (lambda b: signed(b, content=bytes(LIMIT_BYTES + 1)), ENTITY_TOO_LARGE),
    "a broken escape": (lambda b: moved_to(presign(b), f"/{BUCKET}/%ff"), INVALID_URI),
    "a key too long": (lambda b: moved_to(presign(b), f"/{BUCKET}/{'k' * 1025}"), KEY_TOO_LONG_ERROR),
    "moto's own address": (lambda b: Attempt(method="POST", url=f"{b.edge_url}/moto-api/reset"), INVALID_BUCKET_NAME),
}


@pytest.mark.parametrize(("make", "outcome"), REFUSED.values(), ids=REFUSED.keys())
def test_a_bad_request_is_refused_as_s3_refuses_it(
    bucket: LocalBucket, make: Callable[[LocalBucket], Attempt], outcome: tuple[int, str]
) -> None:
    response = send(bucket, make(bucket))
    assert (response.status_code, code_of(response)) == outcome
    assert response.headers["content-type"] == "application/xml"


def test_a_length_that_is_not_given_is_asked_for(bucket: LocalBucket) -> None:
    attempt = signed(bucket, sha256="UNSIGNED-PAYLOAD")
    with httpx.Client(trust_env=False) as client:
        response = client.put(attempt.url, headers=attempt.headers, content=iter([CONTENT]))
    assert (response.status_code, code_of(response)) == (411, "MissingContentLength")


def test_refused_requests_leave_nothing_behind(bucket: LocalBucket) -> None:
    for make, _ in (REFUSED["signature tampered"], REFUSED["other bytes than the checksum"]):
        send(bucket, make(bucket))
    s3 = bucket.s3()
    assert s3.list_objects_v2(Bucket=BUCKET, Prefix="note.m4a").get("KeyCount") == 0
    s3.close()
