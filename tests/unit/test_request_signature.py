"""What we sign is what botocore signs: of any object, query, header, body and key."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given
from hypothesis import strategies as st

from shared.config.credentials import Credentials
from shared.config.sign_request import Signer

REGION = "eu-central-1"
WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)
PRINTABLE = st.characters(exclude_categories=("C", "Z"), include_characters=" ")
TEXTS = st.text(PRINTABLE, min_size=1, max_size=20)
MOMENTS = st.datetimes(min_value=datetime(2013, 1, 1), max_value=datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds want none
KEYS = st.builds(
    lambda key, secret, token: Credentials(access_key=key, secret_key=secret, session_token=token),
    WORDS,
    WORDS,
    st.none() | WORDS,
)
HEADERS = st.dictionaries(
    st.sampled_from(["Content-Type", "If-Match", "Range", "x-amz-checksum-sha256", "X-Amz-Target", "If-None-Match"]),
    st.builds(" ".join, st.lists(WORDS, min_size=1, max_size=3)),
)
URLS = st.builds(
    lambda port, key, query: (
        f"https://store.example{port}/bucket/{quote(key)}" + (f"?{urlencode(query, quote_via=quote)}" if query else "")
    ),
    st.sampled_from(["", ":443", ":9000"]),
    TEXTS,
    st.dictionaries(TEXTS, st.text(PRINTABLE, max_size=10), max_size=4),
)
HTTP = st.sampled_from(["GET", "PUT", "POST", "HEAD", "DELETE"])


def botocores(request: AWSRequest, signer: type[Any], credentials: Credentials, at: datetime, **more: Any) -> Any:
    theirs = BotocoreCredentials(credentials.access_key, credentials.secret_key, credentials.session_token)
    service = "sqs" if signer is SigV4Auth else "s3"
    with patch("botocore.auth.get_current_datetime", lambda: at):
        signer(theirs, service, REGION, **more).add_auth(request)
    return request


@given(method=HTTP, url=URLS, headers=HEADERS, body=st.binary(max_size=99), credentials=KEYS, at=MOMENTS)
def test_a_request_to_s3_is_signed_as_botocore_signs_it(
    method: str, url: str, headers: Mapping[str, str], body: bytes, credentials: Credentials, at: datetime
) -> None:
    ours = Signer(region=REGION, service="s3").headers(
        method, url, headers=headers, body=body, credentials=credentials, at=at
    )
    request = AWSRequest(method=method, url=url, headers=dict(headers), data=body)
    theirs = botocores(request, S3SigV4Auth, credentials, at).headers
    assert ours.pop("host") == urlsplit(url).netloc.removesuffix(":443")
    assert ours == {name.lower(): value for name, value in theirs.items()}


@given(headers=HEADERS, body=st.binary(max_size=99), credentials=KEYS, at=MOMENTS)
def test_a_request_to_another_service_is_signed_as_botocore_signs_it(
    headers: Mapping[str, str], body: bytes, credentials: Credentials, at: datetime
) -> None:
    url = "https://sqs.eu-central-1.amazonaws.com"
    ours = Signer(region=REGION, service="sqs").headers(
        "POST", url, headers=headers, body=body, credentials=credentials, at=at
    )
    request = AWSRequest(method="POST", url=url, headers=dict(headers), data=body)
    assert ours["authorization"] == botocores(request, SigV4Auth, credentials, at).headers["Authorization"]


@given(method=HTTP, url=URLS, headers=HEADERS, credentials=KEYS, at=MOMENTS, seconds=st.integers(1, 604_800))
def test_a_url_is_signed_as_botocore_signs_it(
    method: str, url: str, headers: Mapping[str, str], credentials: Credentials, at: datetime, seconds: int
) -> None:
    ours = Signer(region=REGION, service="s3").url(
        method, url, headers=headers, credentials=credentials, at=at, expires_in_seconds=seconds
    )
    request = AWSRequest(method=method, url=url, headers=dict(headers))
    theirs = botocores(request, S3SigV4QueryAuth, credentials, at, expires=seconds).url
    assert ours.partition("?")[0] == url.partition("?")[0]
    assert sorted(parse_qsl(urlsplit(ours).query)) == sorted(parse_qsl(urlsplit(theirs).query))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://127.0.0.1:9000/b", "127.0.0.1:9000"),
        ("http://store:80/b", "store"),
        ("https://store:80/b", "store:80"),
        ("http://[::1]:9000/b", "[::1]:9000"),
    ],
)
def test_the_host_is_the_one_that_is_sent(url: str, host: str) -> None:
    key = Credentials(access_key="a", secret_key="b")
    signer = Signer(region=REGION, service="s3")
    assert signer.headers("GET", url, headers={}, body=b"", credentials=key, at=datetime.now(UTC))["host"] == host
