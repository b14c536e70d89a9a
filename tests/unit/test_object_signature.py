"""Signatures: AWS's own documented examples, and what botocore signs over odd input."""

import importlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dev.object_edge.refusals import S3Error
from dev.object_edge.signature import Owner, verify
from dev.object_edge.wire import WireRequest

# The key pair, requests and signatures of "Examples: Signature Calculations" in the S3 API reference.
DOCUMENTED = Owner(
    access_key="AKIAIOSFODNN7EXAMPLE",
    secret_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    region="us-east-1",
)
HOST = "examplebucket.s3.amazonaws.com"
EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
MIDNIGHT = datetime(2013, 5, 24, tzinfo=UTC).timestamp()

botocore_auth: Any = importlib.import_module("botocore.auth")
botocore_request: Any = importlib.import_module("botocore.awsrequest")
botocore_credentials: Any = importlib.import_module("botocore.credentials")


def documented(
    method: str, target: str, headers: dict[str, str], signature: str, sha256: str = EMPTY_SHA256
) -> WireRequest:
    path, _, query = target.partition("?")
    named = {"host": HOST, "x-amz-date": "20130524T000000Z", "x-amz-content-sha256": sha256, **headers}
    scope = f"{DOCUMENTED.access_key}/20130524/us-east-1/s3/aws4_request"
    signed = ";".join(sorted(named))
    authorization = f"AWS4-HMAC-SHA256 Credential={scope},SignedHeaders={signed},Signature={signature}"
    pairs = (*named.items(), ("authorization", authorization))
    return WireRequest(method=method, raw_path=path, raw_query=query, headers=pairs)


DOCUMENTED_REQUESTS = {
    "get with a range": documented(
        "GET",
        "/test.txt",
        {"range": "bytes=0-9"},
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ),
    "put": documented(
        "PUT",
        "/test%24file.text",
        {"date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
    ),
    "a query without a value": documented(
        "GET", "/?lifecycle", {}, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
    ),
    "a query with values": documented(
        "GET",
        "/?max-keys=2&prefix=J",
        {},
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ),
    "a presigned get": WireRequest(
        method="GET",
        raw_path="/test.txt",
        raw_query=(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256"
            "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
            "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
            "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
        ),
        headers=(("host", HOST),),
    ),
}


@pytest.mark.parametrize("request_", DOCUMENTED_REQUESTS.values(), ids=DOCUMENTED_REQUESTS.keys())
def test_a_request_documented_by_aws_is_accepted(request_: WireRequest) -> None:
    assert verify(request_, owner=DOCUMENTED, now_seconds=MIDNIGHT).access_key == DOCUMENTED.access_key


@pytest.mark.parametrize("request_", DOCUMENTED_REQUESTS.values(), ids=DOCUMENTED_REQUESTS.keys())
def test_a_documented_request_is_refused_under_another_secret(request_: WireRequest) -> None:
    with pytest.raises(S3Error) as refused:
        verify(request_, owner=replace(DOCUMENTED, secret_key="another"), now_seconds=MIDNIGHT)
    assert refused.value.code == "SignatureDoesNotMatch"


@pytest.mark.parametrize("request_", DOCUMENTED_REQUESTS.values(), ids=DOCUMENTED_REQUESTS.keys())
def test_a_documented_request_is_refused_with_another_method_path_or_host(request_: WireRequest) -> None:
    other_host = tuple((n, "evil.test" if n == "host" else v) for n, v in request_.headers)
    for changed in (
        replace(request_, method="DELETE"),
        replace(request_, raw_path="/other.txt"),
        replace(request_, raw_query=f"{request_.raw_query}&more=1"),
        replace(request_, headers=other_host),
    ):
        with pytest.raises(S3Error) as refused:
            verify(changed, owner=DOCUMENTED, now_seconds=MIDNIGHT)
        assert refused.value.code == "SignatureDoesNotMatch"


def presigned_by_botocore(key: str, query: dict[str, str], headers: dict[str, str]) -> WireRequest:
    credentials = botocore_credentials.Credentials(DOCUMENTED.access_key, DOCUMENTED.secret_key)
    url = f"http://127.0.0.1:9/media/{quote(key, safe='/~')}"
    request = botocore_request.AWSRequest(method="PUT", url=url, headers=headers, params=dict(query))
    botocore_auth.S3SigV4QueryAuth(credentials, "s3", "us-east-1", expires=600).add_auth(request)
    split = urlsplit(str(request.url))
    pairs = (("host", "127.0.0.1:9"), *((n.lower(), v) for n, v in headers.items()))
    return WireRequest(method="PUT", raw_path=split.path, raw_query=split.query, headers=pairs)


# The host and port do not matter to a signature; "." segments and empty ones in a key do.
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
HEADER_TEXT = st.text("abcXYZ0189 -_/;=,+", min_size=1, max_size=30).filter(lambda text: text == text.strip())


@given(key=TEXT, value=TEXT, header=HEADER_TEXT)
def test_whatever_botocore_presigns_is_accepted(key: str, value: str, header: str) -> None:
    request = presigned_by_botocore(key, {"response-content-type": value}, {"X-Amz-Meta-Note": header})
    now = datetime.now(UTC).timestamp()
    assert verify(request, owner=DOCUMENTED, now_seconds=now).expires_seconds == 600


@given(key=TEXT, other=TEXT)
def test_a_url_for_one_key_never_opens_another(key: str, other: str) -> None:
    request = presigned_by_botocore(key, {}, {})
    changed = replace(request, raw_path=f"/media/{quote(other, safe='/~')}")
    now = datetime.now(UTC).timestamp()
    if key == other:
        return
    with pytest.raises(S3Error) as refused:
        verify(changed, owner=DOCUMENTED, now_seconds=now)
    assert refused.value.code == "SignatureDoesNotMatch"


@given(position=st.integers(0, 63), digit=st.sampled_from("0123456789abcdefABCDEF\u00e9"))
def test_one_changed_digit_of_the_signature_is_refused(position: int, digit: str) -> None:
    request = DOCUMENTED_REQUESTS["a presigned get"]
    head, _, signature = request.raw_query.rpartition("=")
    if signature[position] == digit:
        return
    forged = quote(signature[:position] + digit + signature[position + 1 :])
    with pytest.raises(S3Error) as refused:
        verify(replace(request, raw_query=f"{head}={forged}"), owner=DOCUMENTED, now_seconds=MIDNIGHT)
    assert refused.value.code == "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    ("seconds_later", "code"),
    [(-15 * 60 - 1, "AccessDenied"), (-15 * 60, None), (86_399, None), (86_400, "AccessDenied")],
)
def test_a_presigned_url_is_good_from_a_quarter_before_until_it_expires(seconds_later: int, code: str | None) -> None:
    request = DOCUMENTED_REQUESTS["a presigned get"]
    try:
        verify(request, owner=DOCUMENTED, now_seconds=MIDNIGHT + seconds_later)
        outcome = None
    except S3Error as refusal:
        outcome = refusal.code
    assert outcome == code


@pytest.mark.parametrize("seconds_off", [-901, 901])
def test_a_signed_header_is_good_for_a_quarter_of_an_hour(seconds_off: int) -> None:
    with pytest.raises(S3Error) as refused:
        verify(DOCUMENTED_REQUESTS["put"], owner=DOCUMENTED, now_seconds=MIDNIGHT + seconds_off)
    assert refused.value.code == "RequestTimeTooSkewed"


@pytest.mark.parametrize("path", ["/media/%zz", "/media/%", "/media/%ff", "/media/%C3"])
def test_a_path_that_is_no_utf8_is_refused(path: str) -> None:
    request = replace(DOCUMENTED_REQUESTS["a presigned get"], raw_path=path)
    with pytest.raises(S3Error) as refused:
        verify(request, owner=DOCUMENTED, now_seconds=MIDNIGHT)
    assert refused.value.code == "InvalidURI"


def test_the_secret_is_in_no_repr() -> None:
    assert DOCUMENTED.secret_key not in repr(DOCUMENTED)
