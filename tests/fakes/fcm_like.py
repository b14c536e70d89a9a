"""FCM and Google's token endpoint at the socket: each phone answers as it is told, and every call can be told of."""

import json
import threading
from collections import Counter, deque
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from dev.push_vendor import settings_of
from dev.vendors.fcm_account import ServiceAccount
from shared.notifications.firebase_pusher import FirebasePusher
from shared.notifications.settings import FirebaseSettings
from tests.fakes.sqs_like import Told
from tests.fakes.vendor_server import Answer

PROJECT = "project-of-tests"
_KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
RESET = Answer(status=0)
"""The connection ends without a byte."""


def error(status: int, google_status: str, code: str | None = None, **headers: str) -> Answer:
    """An error as FCM words it; header names are written with underscores."""
    details = [{"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": code}] if code else []
    body = {"error": {"code": status, "message": "m", "status": google_status, "details": details}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, body=json.dumps(body).encode(), headers=named)


GONE = error(404, "NOT_FOUND", "UNREGISTERED")
OTHER_PROJECT = error(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH")
DOWN = error(503, "UNAVAILABLE", "UNAVAILABLE")
TAKEN = Answer.of_json({"name": f"projects/{PROJECT}/messages/1"})


@dataclass(kw_only=True)
class Phone:
    """What came to one token: `tags` of all messages, in order; a screen shows each tag once."""

    messages: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    @property
    def tags(self) -> list[str]:
        return [message["android"]["notification"]["tag"] for message in self.messages]

    @property
    def screen(self) -> set[str]:
        return set(self.tags)


class FcmLike:
    """Takes every message, unless a token's script says otherwise; a script's last answer is repeated."""

    def __init__(self) -> None:
        self.told: Told = lambda _: True
        self.token_answer = Answer.of_json({"access_token": "access", "expires_in": 3_600, "token_type": "Bearer"})
        self.asked: Counter[str] = Counter()
        self.on_ask: Callable[[str], None] = lambda _: None
        self._scripts: dict[str, deque[Answer]] = {}
        self._phones: dict[str, Phone] = {}
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def settings(self) -> dict[str, str]:
        return settings_of(ServiceAccount(project=PROJECT, key=_KEY), self.url)

    def pusher(self, *, seconds: float = 5, total_seconds: float = 10) -> FirebasePusher:
        """A client of its own, as the function builds it."""
        settings = FirebaseSettings(**{name.lower(): value for name, value in self.settings.items()})
        return FirebasePusher.of(settings, seconds=seconds, total_seconds=total_seconds)

    def phone(self, token: str) -> Phone:
        with self._lock:
            return self._phones.setdefault(token, Phone())

    def answer(self, token: str, *answers: Answer) -> None:
        """How that phone's messages are answered from now on."""
        self._scripts[token] = deque(answers)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    def receive(self, message: dict[str, Any]) -> Answer | None:
        """What a message is answered with; None to nobody. Only an answer of 200 means that the phone has it."""
        token = message["token"]
        if not self.told(f"before the push to {token}"):
            return None
        self.on_ask(token)
        with self._lock:
            self.asked[token] += 1
            script = self._scripts.get(token, deque([TAKEN]))
            answer = script.popleft() if len(script) > 1 else script[0]
            if answer.status == TAKEN.status and not answer.hangs:
                self._phones.setdefault(token, Phone()).messages.append(message)
        return answer if self.told(f"after the push to {token}") else None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.path == "/token":
                    self._send(vendor.token_answer)
                    return
                assert self.path == f"/v1/projects/{PROJECT}/messages:send"
                assert self.headers["Authorization"] == "Bearer access"
                self._send(vendor.receive(json.loads(body)["message"]))

            def _send(self, answer: Answer | None) -> None:
                self.close_connection = True
                if answer is not None and answer.hangs:
                    vendor._released.wait(10)
                elif answer is not None and answer is not RESET:
                    _write(self, answer)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002 - the base's names
                return

        return Handler


def _write(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    handler.send_response_only(answer.status)
    for name, value in answer.headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(answer.body)))
    handler.send_header("Connection", "close")
    handler.end_headers()
    # The client may hang up first, which is what some tests are about.
    with suppress(OSError):
        handler.wfile.write(answer.body[: answer.sent_bytes])


@contextmanager
def fcm_like() -> Generator[FcmLike]:
    """A vendor that lives as long as the block."""
    vendor = FcmLike()
    vendor.start()
    try:
        yield vendor
    finally:
        vendor.stop()
