"""Twelve minutes of speech: a recording of that length, and providers that answer as if they had heard it.

The words are drawn, with a seed, from a hundred of everyday English; 150 a minute, as people speak. What a provider
says it used is reckoned at four characters to a token, which is what its vendors say of English.
"""

import base64
import io
import json
import random
import struct
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame

MINUTES = 12
CONTENT_TYPE = "audio/ogg"
_WORDS_A_MINUTE = 150
_WORDS_A_SEGMENT = 12
_BITS_A_SECOND = 24_000  # Opus, as a phone records a voice
_RATE = 16_000
_CHARACTERS_A_TOKEN = 4
_DIMENSIONS = 1_536
_WORDS = (  # noqa: SIM905 - rows of words are read as words
    "about after again always answer around because before began better boat bread bring build call carry change "
    "children close coffee cold come corner could country course dinner doctor door drive early evening every family "
    "father finger finish first follow friend garden give good great happy hard harbour hear heavy help home hotel "
    "house kitchen know large laugh learn leave letter light listen little live long look mother mountain move music "
    "never new night office often open order paper pay people phone picture place plan play put question quiet rain "
    "read right river road school sea shop short sister sleep slow small speak start station story street sun table "
    "talk teach"
).split()
_CLAIMS: dict[str, Any] = {
    "claims": [
        {"text": " ".join(_WORDS[:15]), "quotes": [{"source": n, "quote": " ".join(_WORDS[:12])}]} for n in (1, 2, 3)
    ]
}
_SUMMARY = {"title": "A long walk", "summary": " ".join(_WORDS[:90])}


def recording() -> bytes:
    """Twelve minutes of a wavering tone as Opus in Ogg, 1.6 MB: loud all through, so that no silence is left out."""
    kept = io.BytesIO()
    with av.open(kept, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=_RATE)
        stream.bit_rate = _BITS_A_SECOND
        noise = np.random.default_rng(12).normal(size=_RATE)
        for second in range(MINUTES * 60):
            wave = np.sin(np.arange(_RATE) * (2 * np.pi * (180 + second % 60) / _RATE)) * 6_000 + noise * 1_500
            frame = AudioFrame.from_ndarray(wave.astype(np.int16).reshape(1, -1), format="s16", layout="mono")
            frame.sample_rate = _RATE
            frame.pts = second * _RATE
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    return kept.getvalue()


def _transcript() -> dict[str, Any]:
    drawn = random.Random(12)  # noqa: S311 - words, not secrets
    texts = [
        " ".join(drawn.choices(_WORDS, k=_WORDS_A_SEGMENT)).capitalize() + "."
        for _ in range(MINUTES * _WORDS_A_MINUTE // _WORDS_A_SEGMENT)
    ]
    seconds = MINUTES * 60 / len(texts)
    segments = [{"start": n * seconds, "end": (n + 1) * seconds - 0.3, "text": text} for n, text in enumerate(texts)]
    return {"text": " ".join(texts), "language": "english", "duration": MINUTES * 60.0, "segments": segments}


_TRANSCRIPT = _transcript()


def _tokens(text: str) -> int:
    return len(text) // _CHARACTERS_A_TOKEN


def _embeddings(texts: list[str]) -> dict[str, Any]:
    drawn = random.Random(len(texts))  # noqa: S311 - invented vectors
    data = [
        {
            "object": "embedding",
            "index": number,
            "embedding": base64.b64encode(
                struct.pack(f"<{_DIMENSIONS}f", *(drawn.gauss(0, 1) for _ in range(_DIMENSIONS)))
            ).decode(),
        }
        for number in range(len(texts))
    ]
    used = sum(_tokens(text) for text in texts)
    return {"object": "list", "data": data, "usage": {"prompt_tokens": used, "total_tokens": used}}


def _chat(asked: dict[str, Any]) -> dict[str, Any]:
    is_question = '"claims"' in str(asked["messages"])
    written = json.dumps(_CLAIMS if is_question else _SUMMARY)
    read, wrote = sum(_tokens(str(message["content"])) for message in asked["messages"]), _tokens(written)
    return {
        "id": "1",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": written}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote},
    }


class Provider(BaseHTTPRequestHandler):
    """Speech, embeddings and chat on one port; answers at once, for a provider's time is not ours."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Answer one call."""
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path.endswith("/audio/transcriptions"):
            self._say(_TRANSCRIPT)
        elif self.path.endswith("/embeddings"):
            self._say(_embeddings(json.loads(body)["input"]))
        else:
            self._say(_chat(json.loads(body)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as its base names it
        """Nothing."""

    def _say(self, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def provider() -> ThreadingHTTPServer:
    """On a free port of 127.0.0.1; whoever calls serves and closes it."""
    return ThreadingHTTPServer(("127.0.0.1", 0), Provider)
