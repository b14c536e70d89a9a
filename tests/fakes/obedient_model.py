"""A chat endpoint at the socket that does what it is told by a test, and remembers every prompt it was shown."""

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.small_server import Asked, Told, small_server

USED = {"prompt_tokens": 900, "completion_tokens": 100, "total_tokens": 1_000}

Writing = Callable[[str], Any]
"""From the user's message to what the model writes: a text as it stands, anything else as JSON, Told as it is."""


@dataclass(kw_only=True)
class ObedientModel:
    """`writing` decides what is written; `prompts` are the users' messages, `rules` the systems', as they came."""

    url: str = ""
    writing: Writing = field(default=lambda _: {"claims": []})
    prompts: list[str] = field(default_factory=list[str])
    rules: list[str] = field(default_factory=list[str])
    bodies: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def claims(self, *claims: tuple[str, list[tuple[int, str]]]) -> None:
        """From now on, make these claims: a text, and (passage, quote) for each quote."""
        said = [{"text": text, "quotes": [{"source": n, "quote": q} for n, q in quotes]} for text, quotes in claims]
        self.writing = lambda _: {"claims": said}

    def answer(self, asked: Asked) -> Told:
        """One completion."""
        body = json.loads(asked.body)
        by_role = {message["role"]: message["content"] for message in body["messages"]}
        self.bodies.append(body)
        self.rules.append(by_role["system"])
        self.prompts.append(by_role["user"])
        written = self.writing(by_role["user"])
        return written if isinstance(written, Told) else completion(written)


def completion(written: Any) -> Told:
    """An answer of the endpoint in which the model wrote this."""
    content = written if isinstance(written, str) else json.dumps(written)
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    return Told(
        body=json.dumps({"id": "1", "choices": [choice], "usage": USED}).encode(),
        headers={"content-type": "application/json", "connection": "close"},  # or it would be kept for ever
    )


@contextmanager
def obedient_model() -> Generator[ObedientModel]:
    """The model, while the block lasts."""
    model = ObedientModel()
    with small_server(model.answer) as url:
        model.url = url
        yield model
