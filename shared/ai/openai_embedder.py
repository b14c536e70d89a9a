"""Embeddings through OpenAI's SDK: OpenAI itself, or anything that answers like it.

For workers: the import costs 400 ms. Where a person waits, `http_embedder` asks the same with less.
"""

import weakref
from collections.abc import Sequence

import httpx2
from openai import APIError

from shared.ai.budget import WORKER_SECONDS
from shared.ai.capabilities import Embedded, Endpoint
from shared.ai.embedding_replies import MAX_REPLY_BYTES, embed_in_batches, read_embeddings
from shared.ai.openai_connection import openai_client
from shared.ai.vendor_errors import read_reply, vendor_errors


class OpenAiEmbedder:
    """Fulfils Embedder."""

    def __init__(self, endpoint: Endpoint, *, timeout_seconds: float = WORKER_SECONDS) -> None:
        self.provider = endpoint.provider
        self.model = endpoint.model
        self._endpoint = endpoint
        self._timeout_seconds = timeout_seconds
        self._client = openai_client(endpoint, timeout_seconds=timeout_seconds)
        weakref.finalize(self, self._client.close)

    def embed(self, texts: Sequence[str]) -> Embedded:
        """Unit vectors in the order of the texts. Raises VendorDown and VendorRefused, which tell what was paid."""
        return embed_in_batches(self._endpoint, texts, self._embed)

    def _embed(self, texts: list[str]) -> Embedded:
        with (
            vendor_errors(self.provider, APIError, httpx2.HTTPError) as call,
            self._client.embeddings.with_streaming_response.create(
                model=self.model, input=texts, encoding_format="base64"
            ) as reply,
        ):
            # The SDK's own reading takes any answer for good; ours is the one both embedders share.
            body = read_reply(
                reply.iter_bytes(),
                provider=self.provider,
                max_bytes=MAX_REPLY_BYTES,
                until=call.started + self._timeout_seconds,
            )
        return read_embeddings(body, count=len(texts), endpoint=self._endpoint, provider_ms=call.milliseconds)
