"""`python -m bench.pipeline.instant_providers`: speech, embeddings and chat that answer at once, or when told to.

It speaks just the HTTP/1.1 the SDKs speak, as thinly as it can be done, so that what is measured is not its own time.
`POST /hold/<milliseconds>` has every later answer come so late; `GET /open` tells how many calls are open.
"""

import asyncio
import base64
import json
import struct
from typing import Any

_SPOKEN = "We walked along the harbour and spoke about the boat."
_SPEECH = {
    "text": _SPOKEN,
    "language": "english",
    "duration": 3.0,
    "segments": [{"start": 0.5, "end": 2.5, "text": _SPOKEN}],
}
_WRITTEN = json.dumps({"title": "The boat", "summary": "A walk along the harbour, and a boat."})
_CHAT = {
    "id": "1",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": _WRITTEN}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 40, "completion_tokens": 20, "total_tokens": 60},
}
_DIMENSIONS = 1536
_VECTOR = base64.b64encode(struct.pack(f"<{_DIMENSIONS}f", *([1.0, 0.5] * (_DIMENSIONS // 2)))).decode()


class InstantProviders:
    """The server's state: how long answers are held back, and how many are."""

    def __init__(self) -> None:
        self._hold_seconds = 0.0
        self._open = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection's requests until it is closed."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                size = int(head.lower().partition("content-length:")[2].partition("\r\n")[0] or 0)
                body = await reader.readexactly(size)
                writer.write(_rendered(await self._answer(head.split(" ", 2)[1], body)))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, path: str, body: bytes) -> dict[str, Any]:
        if path.startswith("/hold/"):
            self._hold_seconds = int(path.rpartition("/")[2]) / 1_000
            return {}
        if path == "/open":
            return {"open": self._open}
        self._open += 1
        try:
            if self._hold_seconds:
                await asyncio.sleep(self._hold_seconds)
        finally:
            self._open -= 1
        return _made(path, body)


def _made(path: str, body: bytes) -> dict[str, Any]:
    if path.endswith("/audio/transcriptions"):
        return _SPEECH
    if path.endswith("/embeddings"):
        texts = json.loads(body)["input"]
        data = [{"index": number, "embedding": _VECTOR, "object": "embedding"} for number in range(len(texts))]
        return {"object": "list", "data": data, "usage": {"prompt_tokens": 9, "total_tokens": 9}}
    return _CHAT


def _rendered(answer: dict[str, Any]) -> bytes:
    body = json.dumps(answer).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


async def _serve() -> None:
    server = await asyncio.start_server(InstantProviders().serve, "127.0.0.1", 0)
    print(f"ready http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
