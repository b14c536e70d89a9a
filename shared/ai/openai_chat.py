"""One question to an OpenAI-compatible chat endpoint, answered in JSON.

Neither `temperature` nor a token limit is sent: newer models refuse the one, and name the other differently.
"""

import weakref
from collections.abc import Iterable

import httpx2
from openai import APIError
from openai.types.chat import ChatCompletionMessageParam
from openai.types.chat.completion_create_params import ResponseFormat

from shared.ai.budget import WORKER_SECONDS
from shared.ai.capabilities import Endpoint
from shared.ai.chat_replies import MAX_REPLY_BYTES, Answer, read_answer
from shared.ai.openai_connection import openai_client
from shared.ai.vendor_errors import read_reply, vendor_errors


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
        return read_answer(body, endpoint=self._endpoint, operation=operation, provider_ms=provider_ms)

    def _send(self, messages: Iterable[ChatCompletionMessageParam], answer_in: ResponseFormat) -> tuple[bytes, int]:
        provider = self._endpoint.provider
        with (
            vendor_errors(provider, APIError, httpx2.HTTPError) as call,
            self._client.chat.completions.with_streaming_response.create(
                model=self._endpoint.model, messages=messages, response_format=answer_in
            ) as reply,
        ):
            until = call.started + self._timeout_seconds
            body = read_reply(reply.iter_bytes(), provider=provider, max_bytes=MAX_REPLY_BYTES, until=until)
        return body, call.milliseconds
