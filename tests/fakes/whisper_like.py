"""A speech provider at the socket that really listens: it decodes what it is sent and tells the words it hears.

It knows the language of tests/fixtures/spoken.py only, and answers as Whisper does: segments with punctuation, words
without, times in seconds from the start of the file, a little off.
"""

import json
import random
import threading
from collections.abc import Iterator, Sequence
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.fixtures.spoken import RATE, Heard, decode, hear

_WORDS_IN_A_SENTENCE = 9


class WhisperLike:
    """The server; use it as a context manager. `refuses` is asked with the number of each request, from 0."""

    def __init__(self, *, jitter_ms: int = 0, has_words: bool = True) -> None:
        self.heard_ms: list[int] = []
        self.file_names: list[str | None] = []
        self.status_of: dict[int, int] = {}
        """How to answer a request instead, by its number."""
        self._jitter_ms, self._has_words = jitter_ms, has_words
        self._chance = random.Random(20261121)  # noqa: S311 - repeatable, not secret
        self._requests = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, content_type: str, body: bytes) -> tuple[int, dict[str, Any]]:
        number, self._requests = self._requests, self._requests + 1
        if number in self.status_of:
            return self.status_of[number], {"error": {"message": "as the test wanted"}}
        file_name, audio = _file_of(content_type, body)
        samples = decode(audio)
        self.file_names.append(file_name)
        self.heard_ms.append(len(samples) * 1_000 // RATE)
        return 200, self._verbose(hear(samples), len(samples) / RATE)

    def _verbose(self, words: Sequence[Heard], seconds: float) -> dict[str, Any]:
        told = [self._told(word, seconds) for word in words]
        sentences = list(_sentences(told))
        reply: dict[str, Any] = {
            "task": "transcribe",
            "language": "english",
            "duration": seconds,
            "text": " ".join(sentence["text"] for sentence in sentences),
            "segments": sentences,
        }
        return reply | ({"words": told} if self._has_words else {})

    def _told(self, word: Heard, seconds: float) -> dict[str, Any]:
        off = self._chance.uniform(-self._jitter_ms, self._jitter_ms) / 1_000
        start = min(max(0.0, word.start_ms / 1_000 + off), seconds)
        return {"word": word.text, "start": start, "end": min(start + 0.16, seconds)}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, reply = server.answer(self.headers["Content-Type"], body)
                content = json.dumps(reply).encode()
                self.send_response_only(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002 - the base's names
                return

        return Handler


def _sentences(told: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for first in range(0, len(told), _WORDS_IN_A_SENTENCE):
        words = told[first : first + _WORDS_IN_A_SENTENCE]
        text = ", ".join(" ".join(word["word"] for word in words[at : at + 4]) for at in range(0, len(words), 4))
        yield {"start": words[0]["start"], "end": words[-1]["end"], "text": f" {text.capitalize()}."}


def _file_of(content_type: str, body: bytes) -> tuple[str | None, bytes]:
    """The form's file; the parser of e-mail reads forms as well."""
    form: Any = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    for part in form.iter_parts():
        if part.get_param("name", header="content-disposition") == "file":
            return part.get_filename(), part.get_content()
    raise AssertionError("the request has no file")
