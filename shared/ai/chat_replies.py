"""What an OpenAI-compatible chat endpoint answers, whoever carries the bytes.

https://platform.openai.com/docs/api-reference/chat/create
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.ai.capabilities import Endpoint, Usage
from shared.ai.vendor_errors import RefusedReply, invalid_reply, parse_reply
from shared.values import frozen

MAX_REPLY_BYTES = 1_000_000


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


@frozen
class Answer:
    """The JSON text the model wrote, not yet looked into, and what it cost."""

    content: str
    usage: Usage


def read_answer(body: bytes, *, endpoint: Endpoint, operation: str, provider_ms: int) -> Answer:
    """What the model wrote.

    Raises:
        InvalidReply: not JSON, another shape, or blank.
        RefusedReply: the model will not answer.
    """
    completion = parse_reply(_Completion, body, provider=endpoint.provider)
    usage = _usage(endpoint, operation, completion.usage or _Usage(), provider_ms)
    return Answer(content=_content(completion.choices[0], usage), usage=usage)


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
