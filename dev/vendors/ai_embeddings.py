"""Embeddings as OpenAI answers them: MiniLM's 384 dimensions and zeros after them, which change no cosine."""

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dev.vendors.ai_minilm import DIMENSIONS, MODEL, MiniLM
from dev.vendors.ai_wire import EmbeddingRequest


def embeddings_json(request: EmbeddingRequest, model: MiniLM) -> dict[str, Any]:
    """The body of the answer: one vector for each text, in order, and the tokens read."""
    vectors, tokens = model.encode(request.texts)
    padded = np.pad(vectors, ((0, 0), (0, request.dimensions - DIMENSIONS)))
    return {
        "object": "list",
        "model": MODEL,
        "data": [_entry(index, vector, request.encoding_format) for index, vector in enumerate(padded)],
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


def _entry(index: int, vector: NDArray[np.float32], encoding: str) -> dict[str, Any]:
    embedding = base64.b64encode(vector.astype("<f4").tobytes()).decode() if encoding == "base64" else vector.tolist()
    return {"object": "embedding", "index": index, "embedding": embedding}
