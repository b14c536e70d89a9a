"""One question to an OpenAI-compatible chat endpoint, answered in JSON.

https://platform.openai.com/docs/api-reference/chat/create
Neither `temperature` nor a token limit is sent: newer models refuse the one, and name the other differently.
"""

import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

import httpx2
from openai import APIError
from openai.types.chat import ChatCompletionMessageParam
from openai.types.chat.completion_create_params import ResponseFormat
from pydantic import BaseModel, ConfigDict, Field

from shared.ai.budget import WORKER_SECONDS
from shared.ai.capabilities import Endpoint, Usage
from shared.ai.openai_connection import openai_client
from shared.ai.vendor_errors import RefusedReply, invalid_reply, parse_reply, read_reply, vendor_errors

_MAX_REPLY_BYTES = 1_000_000


Count = Annotated[int, Field(ge=0, le=10_000_000)]


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, hide_input_in_errors=True)


class _Message(_Reply):
    content: str | None = None
    refusal: str | None = None


class _Choice(_Reply):
    message: _Message
    finish_reason: str | None = None


class _PromptTokens(_Reply):
    cached_tokens: Count | None = None


class _Usage(_Reply):
    prompt_tokens: Count = 0
    completion_tokens: Count = 0
    total_tokens: Count = 0
    prompt_tokens_details: _PromptTokens | None = None  # OpenAI's place for tokens it had read before
    prompt_cache_hit_tokens: Count | None = None  # DeepSeek's: https://api-docs.deepseek.com/guides/kv_cache

    @property
    def cached_tokens(self) -> int:
        in_details = self.prompt_tokens_details.cached_tokens if self.prompt_tokens_details else None
        return in_details or self.prompt_cache_hit_tokens or 0


class _Completion(_Reply):
    choices: Annotated[tuple[_Choice, ...], Field(min_length=1)]
    usage: _Usage | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The JSON text the model wrote, not yet looked into, and what it cost."""

    content: str
    usage: Usage


class OpenAiChat:
    """A chat endpoint."""

    def __init__(self, endpoint: Endpoint, *, timeout_seconds: float = WORKER_SECONDS) -> None:
        self._endpoint = endpoint
        self._timeout_seconds = timeout_seconds
        self._client = openai_client(endpoint, timeout_seconds=timeout_seconds)
        weakref.finalize(self, self._client.close)

    def ask(
        self, messages: Iterable[ChatCompletionMessageParam], *, answer_in: ResponseFormat, operation: str
    ) -> Answer:
        """The model's answer. Raises VendorDown, and VendorRefused when the model will not answer."""
        body, provider_ms = self._send(messages, answer_in)
        completion = parse_reply(_Completion, body, provider=self._endpoint.provider)
        usage = _usage(self._endpoint, operation, completion.usage or _Usage(), provider_ms)
        return Answer(content=_content(completion.choices[0], usage), usage=usage)

    def _send(self, messages: Iterable[ChatCompletionMessageParam], answer_in: ResponseFormat) -> tuple[bytes, int]:
        provider = self._endpoint.provider
        with (
            vendor_errors(provider, APIError, httpx2.HTTPError) as call,
            self._client.chat.completions.with_streaming_response.create(
                model=self._endpoint.model, messages=messages, response_format=answer_in
            ) as reply,
        ):
            until = call.started + self._timeout_seconds
            body = read_reply(reply.iter_bytes(), provider=provider, max_bytes=_MAX_REPLY_BYTES, until=until)
        return body, call.milliseconds


def _content(choice: _Choice, usage: Usage) -> str:
    if choice.message.refusal or choice.finish_reason == "content_filter":
        raise RefusedReply(f"{usage.provider} does not answer about this content.", usage=usage)
    content = (choice.message.content or "").strip()
    if not content:
        # DeepSeek documents blank content in JSON mode: https://api-docs.deepseek.com/guides/json_mode
        raise invalid_reply(usage.provider, "is blank", usage=usage)
    return content


def _usage(endpoint: Endpoint, operation: str, told: _Usage, provider_ms: int) -> Usage:
    return Usage(
        provider=endpoint.provider,
        model=endpoint.model,
        operation=operation,
        tokens=told.total_tokens,
        input_tokens=told.prompt_tokens,
        cached_input_tokens=told.cached_tokens,
        output_tokens=told.completion_tokens,
        provider_ms=provider_ms,
    )
