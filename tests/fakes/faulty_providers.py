"""Providers of which a share of the requests goes wrong, in each of the ways it can, by chance from a seed."""

import json
import random
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any

from tests.fakes.openai_like import OpenAiLike
from tests.fakes.small_server import Asked, Told, small_server

_LONGEST_HANG_SECONDS = 30
_JSON = {"Content-Type": "application/json"}

Fault = Callable[["FaultyProviders", Asked], Told | None]


@dataclass(kw_only=True)
class FaultyProviders:
    """Answers like OpenAI and Groq, or goes wrong with the probability `share`."""

    dice: random.Random
    share: float
    url: str = ""
    happened: Counter[str] = field(default_factory=Counter[str])
    released: Event = field(default_factory=Event)
    _well: OpenAiLike = field(default_factory=OpenAiLike)
    _lock: Lock = field(default_factory=Lock)

    def answer(self, asked: Asked) -> Told | None:
        with self._lock:
            name = self.dice.choice(list(FAULTS)) if self.dice.random() < self.share else "well"
            self.happened[name] += 1
        return self.well(asked) if name == "well" else FAULTS[name](self, asked)

    def well(self, asked: Asked) -> Told:
        status, answer = self._well.answer(asked.path, asked.body)
        return Told(status=status, body=json.dumps(answer).encode(), headers=_JSON)

    def close(self) -> None:
        """Let go of the port that nobody listens at."""
        self.released.set()
        self._well._server.server_close()

    def hang(self) -> None:
        """Until the test is over: whoever asked has long given up."""
        self.released.wait(_LONGEST_HANG_SECONDS)


def _hangs(providers: FaultyProviders, _: Asked) -> None:
    providers.hang()


def _is_cut(providers: FaultyProviders, asked: Asked) -> Told:
    body = providers.well(asked).body
    return Told(body=body, headers=_JSON, sent_bytes=len(body) // 2)


def _is_cut_json(providers: FaultyProviders, asked: Asked) -> Told:
    body = providers.well(asked).body
    return Told(body=body[: len(body) // 2], headers=_JSON)


def _is_too_much(_: FaultyProviders, asked: Asked) -> Told:
    text = "la " * 1_000_000
    if "chat" in asked.path:
        return _json({"choices": [{"message": {"content": json.dumps({"title": text, "caption": text})}}]})
    return _json({"text": text, "segments": None, "data": [text]})


def _has_strange_numbers(providers: FaultyProviders, asked: Asked) -> Told:
    """NaN, zeros and one number too few, where numbers are asked for; else null for everything."""
    if "embeddings" not in asked.path:
        return _json(dict.fromkeys(json.loads(providers.well(asked).body)))
    strange = providers.dice.choice([[float("nan")] * 1_536, [0.0] * 1_536, [0.5] * 1_535])
    texts: list[str] = json.loads(asked.body)["input"]
    return _json({"data": [{"index": number, "embedding": strange} for number in range(len(texts))], "usage": {}})


def _json(value: Any, status: int = 200, **headers: str) -> Told:
    return Told(status=status, body=json.dumps(value).encode(), headers={**_JSON, **headers})


def _status(status: int, **headers: str) -> Fault:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _providers, _asked: _json({"error": {"message": "not now"}}, status, **names)


FAULTS: dict[str, Fault] = {
    "reset": lambda _providers, _asked: Told(is_reset=True),
    "hung up": lambda _providers, _asked: None,
    "timeout": _hangs,
    "429": _status(429),
    "429 with Retry-After": _status(429, Retry_After="7"),
    "500": _status(500),
    "502 with a page": lambda _providers, _asked: Told(status=502, body=b"<html>Bad gateway</html>"),
    "503": _status(503),
    "body cut short": _is_cut,
    "JSON cut short": _is_cut_json,
    "a page for JSON": lambda _providers, _asked: Told(body=b"<html>Welcome</html>"),
    "an empty object": lambda _providers, _asked: _json({}),
    "strange numbers": _has_strange_numbers,
    "megabytes": _is_too_much,
}


@contextmanager
def faulty_providers(dice: random.Random, share: float) -> Generator[FaultyProviders]:
    """Providers that live as long as the block."""
    providers = FaultyProviders(dice=dice, share=share)
    with small_server(providers.answer) as providers.url:
        try:
            yield providers
        finally:
            providers.close()
