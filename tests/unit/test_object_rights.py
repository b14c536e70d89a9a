"""What a function may do with objects, on this machine as in AWS: by the catalogue, prefix by prefix."""

import io

import pytest

from dev.object_edge.exchange import Exchange
from dev.object_edge.payload import Body
from dev.object_edge.refusals import S3Error
from dev.object_edge.rights import access_key_of, rights_of
from dev.object_edge.wire import WireRequest
from functions.catalogue import FUNCTIONS

OWNER = "OWNER"
BY_NAME = {function.name: function for function in FUNCTIONS}
CHECK = rights_of(OWNER, FUNCTIONS)
ALLOWED = [
    ("uploads", "PUT", "sessions/1/audio/2.m4a", ""),
    ("uploads", "POST", "sessions/1/audio/2.m4a", "uploads"),
    ("uploads", "GET", "sessions/1/audio/2.m4a", "uploadId=u"),
    ("uploads", "HEAD", "sessions/1/audio/2.m4a", ""),
    ("transcribe-part", "GET", "parts/1.ogg", ""),
    ("split-audio", "PUT", "parts/1.ogg", ""),
    ("takeout", "PUT", "imports/1.zip", ""),
    ("export-account", "DELETE", "exports/1.zip", ""),
    ("import-account", "DELETE", "sessions/1/audio/2.m4a", ""),
    ("delete-account", "DELETE", "sessions/1/audio/2.m4a", "uploadId=u"),
    ("health", "HEAD", "", ""),
    ("sweep", "GET", "", "uploads"),
]
REFUSED = [
    ("describe-image", "PUT", "sessions/1/image/2.jpg", ""),
    ("describe-image", "DELETE", "sessions/1/image/2.jpg", ""),
    ("describe-image", "GET", "exports/1.zip", ""),
    ("transcribe-part", "GET", "sessions/1/audio/2.m4a", ""),
    ("split-audio", "GET", "exports/1.zip", ""),
    ("takeout", "GET", "sessions/1/audio/2.m4a", ""),
    ("health", "GET", "sessions/1/audio/2.m4a", ""),
    ("discard-objects", "GET", "sessions/1/audio/2.m4a", ""),
    ("uploads", "GET", "", "uploads"),
    ("uploads", "GET", "sessionsandmore/1", ""),
    ("search", "HEAD", "", ""),
]


def _exchange(method: str, key: str, query: str, body: bytes = b"") -> Exchange:
    request = WireRequest(method=method, raw_path=f"/notes/{key}", raw_query=query, headers=())
    received = Body(file=io.BytesIO(body), size_bytes=len(body), md5_hex="", sha256_hex="", checksums={})
    return Exchange(request=request, address=request.address, body=received)


def _of_many(*keys: str) -> Exchange:
    named = "".join(f"<Object><Key>{key}</Key></Object>" for key in keys)
    return _exchange("POST", "", "delete", f"<Delete>{named}</Delete>".encode())


@pytest.mark.parametrize(("name", "method", "key", "query"), ALLOWED)
def test_what_the_catalogue_grants_is_allowed(name: str, method: str, key: str, query: str) -> None:
    CHECK(access_key_of(OWNER, BY_NAME[name]), _exchange(method, key, query))


@pytest.mark.parametrize(("name", "method", "key", "query"), REFUSED)
def test_what_it_does_not_grant_is_refused(name: str, method: str, key: str, query: str) -> None:
    with pytest.raises(S3Error, match="may not"):
        CHECK(access_key_of(OWNER, BY_NAME[name]), _exchange(method, key, query))


def test_a_key_of_no_function_opens_nothing_and_the_owners_everything() -> None:
    CHECK(OWNER, _exchange("DELETE", "exports/1.zip", ""))
    with pytest.raises(S3Error, match="may not"):
        CHECK(f"{OWNER}-nobody", _exchange("HEAD", "", ""))


def test_of_many_keys_each_must_be_allowed() -> None:
    importer = access_key_of(OWNER, BY_NAME["import-account"])
    CHECK(importer, _of_many("sessions/1/audio/2.m4a", "sessions/1/audio/3.m4a"))
    with pytest.raises(S3Error, match="may not"):
        CHECK(importer, _of_many("sessions/1/audio/2.m4a", "exports/3.zip"))
