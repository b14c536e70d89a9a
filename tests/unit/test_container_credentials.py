"""The key of a function that starts from a snapshot: Lambda has it asked for, and it grows old."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from shared.aws.settings import AwsSettings
from shared.aws.signed_http import SignedHttp
from shared.config.credentials import Credentials, read_credentials
from shared.config.environment import SettingsError, load

TOKEN = "let-me-in"


@dataclass
class Lambdas:
    """What gives keys out, each of another name; the next one lasts `lasts`."""

    url: str = ""
    lasts: timedelta = timedelta(hours=1)
    given: list[str] = field(default_factory=list[str])

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": self.url,
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": TOKEN,
            "AWS_REGION": "eu-central-1",
            **more,
        }

    def answer(self, token: str | None) -> tuple[int, dict[str, Any]]:
        if token != TOKEN:
            return 401, {"message": "hunter2"}
        self.given.append(f"AKID{len(self.given)}")
        until = datetime.now(UTC) + self.lasts
        key = {"AccessKeyId": self.given[-1], "SecretAccessKey": "hunter2", "Token": "hunter3"}
        return 200, key | {"Expiration": until.strftime("%Y-%m-%dT%H:%M:%SZ")}


@contextmanager
def _serving(lambdas: Lambdas) -> Generator[Lambdas]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = lambdas.answer(self.headers.get("Authorization"))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's word
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        lambdas.url = f"http://127.0.0.1:{server.server_port}/2021-04-23/credentials"
        yield lambdas
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def lambdas() -> Generator[Lambdas]:
    with _serving(Lambdas()) as serving:
        yield serving


def test_a_key_that_is_not_in_the_environment_is_asked_for(lambdas: Lambdas) -> None:
    key = read_credentials(lambdas.environment())
    assert (key.access_key, key.secret_key, key.session_token) == ("AKID0", "hunter2", "hunter3")
    assert not key.is_old(datetime.now(UTC))
    assert key.is_old(datetime.now(UTC) + timedelta(minutes=46))


def test_a_key_in_the_environment_is_taken_and_never_grows_old(lambdas: Lambdas) -> None:
    own = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"}
    key = read_credentials(lambdas.environment(**own))
    assert (key.access_key, key.session_token, lambdas.given) == ("AKID", "t", [])
    assert not key.is_old(datetime.now(UTC) + timedelta(days=1))


def test_what_signs_takes_another_key_before_the_first_dies(lambdas: Lambdas, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in lambdas.environment().items():
        monkeypatch.setenv(name, value)
    lambdas.lasts = timedelta(minutes=14)
    http = SignedHttp(credentials=load(AwsSettings).credentials(), region="eu-central-1", service="s3")
    lambdas.lasts = timedelta(hours=1)
    urls = [http.presign("PUT", "https://bucket.example/a", headers={}, expires_in_seconds=900) for _ in range(3)]
    assert lambdas.given == ["AKID0", "AKID1"]
    assert ["AKID1" in url for url in urls] == [True] * 3


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"AWS_CONTAINER_AUTHORIZATION_TOKEN": "another"}, "answers 401"),
        ({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/"}, "ConnectionRefusedError"),
        ({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.2/v2"}, "an address of this machine"),
        ({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "https://keys.example/"}, "an address of this machine"),
    ],
    ids=["refused", "nobody there", "another machine", "elsewhere"],
)
def test_without_a_key_it_says_so_and_shows_nothing(lambdas: Lambdas, change: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says) as refused:
        read_credentials(lambdas.environment() | change)
    assert "hunter2" not in f"{refused.value!r}{refused.value.__cause__!r}{refused.value.__context__!r}"
    assert lambdas.given == []


def test_a_key_shows_no_secret() -> None:
    key = Credentials(access_key="AKID", secret_key="hunter2", session_token="hunter3")
    assert "hunter" not in repr(key)
