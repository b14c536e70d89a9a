"""Embeddings over bare HTTP, for the functions a person waits for.

It asks what OpenAI's SDK asks and reads what the SDK's embedder reads: a contract test runs both.
"""

import json
from collections.abc import Sequence

from shared.ai.budget import SEARCH_SECONDS
from shared.ai.capabilities import Embedded, Endpoint
from shared.ai.embedding_replies import MAX_REPLY_BYTES, embed_in_batches, read_embeddings
from shared.ai.kept_connection import KeptConnection


class HttpEmbedder:
    """Fulfils Embedder."""

    def __init__(self, endpoint: Endpoint, *, timeout_seconds: float = SEARCH_SECONDS) -> None:
        self.provider = endpoint.provider
        self.model = endpoint.model
        self._endpoint = endpoint
        self._connection = KeptConnection(
            endpoint, "embeddings", timeout_seconds=timeout_seconds, max_reply_bytes=MAX_REPLY_BYTES
        )

    def embed(self, texts: Sequence[str]) -> Embedded:
        """Unit vectors in the order of the texts. Raises VendorDown and VendorRefused, which tell what was paid."""
        return embed_in_batches(self._endpoint, texts, self._embed)

    def close(self) -> None:
        """Let the kept connection go; the next call makes another."""
        self._connection.close()

    def _embed(self, texts: list[str]) -> Embedded:
        request = json.dumps({"model": self.model, "input": texts, "encoding_format": "base64"}).encode()
        body, provider_ms = self._connection.post(request)
        return read_embeddings(body, count=len(texts), endpoint=self._endpoint, provider_ms=provider_ms)
