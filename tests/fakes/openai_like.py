"""Speech, vision, embeddings and chat as one small HTTP server that answers well, or not at all when told so."""

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

_SPEECH = {
    "text": "We talked about the launch.",
    "language": "english",
    "duration": 3.0,
    "segments": [{"start": 0.5, "end": 2.5, "text": "We talked about the launch."}],
}
_CLAIM = {"text": "You wanted to remember the milk.", "quotes": [{"source": 1, "quote": "Remember the milk."}]}
_CHAT = json.dumps(
    {
        "caption": "A note on a wall",
        "text": "Milk",
        "title": "Launch and milk",
        "summary": "A launch, and milk.",
        "claims": [_CLAIM],
    }
)
_CHAT_TOKENS = {
    "prompt_tokens": 8,
    "completion_tokens": 2,
    "total_tokens": 10,
    "prompt_tokens_details": {"cached_tokens": 3},
}


class OpenAiLike:
    """The server; use it as a context manager. `url` is its root."""

    def __init__(self) -> None:
        self.keys_seen: set[str] = set()
        self.requests = 0
        self._refusals: dict[str, int | None] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @contextmanager
    def down(self, path_end: str, answers: int | None = None) -> Generator[None]:
        """Answer 503 on paths that end so: for as long as this lasts, or only to the next `answers` requests."""
        self._refusals[path_end] = answers
        try:
            yield
        finally:
            self._refusals.pop(path_end, None)

    def answer(self, path: str, request: bytes) -> tuple[int, dict[str, Any]]:
        """Status and JSON for one request."""
        self.requests += 1
        if self._is_refused(path):
            return 503, {"error": {"message": "down for a while"}}
        if path.endswith("audio/transcriptions"):
            return 200, _SPEECH
        if path.endswith("embeddings"):
            return 200, _embeddings(json.loads(request)["input"])
        if path.endswith("chat/completions"):
            message = {"role": "assistant", "content": _CHAT}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            return 200, {"id": "1", "choices": [choice], "usage": _CHAT_TOKENS}
        return 404, {"error": {"message": f"nothing at {path}"}}

    def _is_refused(self, path: str) -> bool:
        for path_end, left in self._refusals.items():
            if path.endswith(path_end) and left != 0:
                self._refusals[path_end] = None if left is None else left - 1
                return True
        return False

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        vendors = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # or each answer takes 40 ms
            wbufsize = -1

            def do_POST(self) -> None:
                request = self.rfile.read(int(self.headers["content-length"]))
                vendors.keys_seen.add(self.headers["authorization"])
                status, answer = vendors.answer(self.path, request)
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
                """Nothing: the test says what went wrong."""

        return Handler


def _embeddings(texts: list[str]) -> dict[str, Any]:
    vectors = [[1.0 + len(text) % 7, *([0.5] * 1535)] for text in texts]
    data = [{"index": number, "embedding": vector} for number, vector in enumerate(vectors)]
    return {"data": data, "usage": {"prompt_tokens": len(texts), "total_tokens": len(texts)}}
