"""Answers out of notes over bare HTTP, from DeepSeek or any compatible endpoint: a person waits.

JSON mode rather than a schema: DeepSeek has the first only (https://api-docs.deepseek.com/guides/json_mode).
"""

import json
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.ai.ask_prompt import messages_of, new_fence
from shared.ai.budget import ASK_SECONDS
from shared.ai.capabilities import Claim, Claimed, Endpoint, QuestionToNotes, SaidQuote
from shared.ai.chat_replies import MAX_REPLY_BYTES, read_answer
from shared.ai.kept_connection import KeptConnection
from shared.ai.prompt_file import load_prompt
from shared.ai.vendor_errors import parse_reply

OPERATION = "ask"
PROMPT = "ask.v1"

MOST_CLAIMS = 12
MOST_QUOTES = 6
"""Of each claim. What a model writes beyond these is not looked at."""


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class _Quote(_Shape):
    source: Annotated[int, Field(ge=0, le=1_000_000)]
    quote: Annotated[str, Field(strict=True, max_length=10_000)]


class _Claim(_Shape):
    text: Annotated[str, Field(strict=True, max_length=10_000)]
    quotes: Annotated[tuple[_Quote, ...], Field(max_length=100)] = ()


class _Answer(_Shape):
    claims: Annotated[tuple[_Claim, ...], Field(max_length=100)]


class HttpAnswerer:
    """Fulfils Answerer."""

    def __init__(self, endpoint: Endpoint, *, timeout_seconds: float = ASK_SECONDS) -> None:
        self._endpoint = endpoint
        self._prompt = load_prompt(PROMPT)
        self._connection = KeptConnection(
            endpoint, "chat/completions", timeout_seconds=timeout_seconds, max_reply_bytes=MAX_REPLY_BYTES
        )

    def answer(self, asked: QuestionToNotes) -> Claimed:
        """What the model claims, unchecked. Raises VendorDown and VendorRefused."""
        request = {
            "model": self._endpoint.model,
            "messages": messages_of(asked, self._prompt, fence=new_fence()),
            "response_format": {"type": "json_object"},
        }
        body, provider_ms = self._connection.post(json.dumps(request).encode())
        answer = read_answer(body, endpoint=self._endpoint, operation=OPERATION, provider_ms=provider_ms)
        told = parse_reply(_Answer, answer.content, provider=self._endpoint.provider, usage=answer.usage)
        return Claimed(claims=tuple(_claim(claim) for claim in told.claims[:MOST_CLAIMS]), usage=answer.usage)

    def close(self) -> None:
        """Let the kept connection go; the next call makes another."""
        self._connection.close()


def _claim(claim: _Claim) -> Claim:
    quotes = tuple(SaidQuote(passage=quote.source, text=quote.quote) for quote in claim.quotes[:MOST_QUOTES])
    return Claim(text=claim.text, quotes=quotes)
