"""`python -m bench depth`: how many of the ten truly nearest are among the first so many by sign bits.

No database: bits are bits. Vectors of the local model have 384 numbers, followed by zeros whose bits tell nothing, so
what they need is the harder case than a model that fills all 1,536.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from bench.depth.embedded import embedded
from bench.depth.passages import collect
from dev.vendors.ai_minilm import Array
from tests.fixtures.searchable import World

NAME = "depth"
GOAL = 0.99

_SIZES = (1_000, 5_000, 20_000)
_DEPTHS = (50, 100, 200, 300, 400, 600, 800, 1_000)
_QUESTIONS = 300
_NEAREST = 10

_Integers = NDArray[np.integer[Any]]


def run() -> bool:
    """Print the table; True when the deepest is within the goal for each kind and size."""
    table = Table("vectors", "of", *map(str, _DEPTHS), title=f"Recall@{_NEAREST} by depth of the sign bits")
    deepest: list[float] = []
    for kind, passages, questions in (_real(), _made(384), _made(1536)):
        for size in _SIZES:
            recalls = _recall_by_depth(passages[:size], questions)
            deepest.append(recalls[-1])
            table.add_row(f"{size:,}", kind, *(f"{recall:.3f}" for recall in recalls))
    Console().print(table)
    return min(deepest) >= GOAL


def _real() -> tuple[str, Array, Array]:
    texts = collect(passages=max(_SIZES), questions=_QUESTIONS)
    vectors = embedded([*texts.passages, *texts.questions])
    return "real texts, MiniLM", vectors[: max(_SIZES)], vectors[max(_SIZES) :]


def _made(numbers: int) -> tuple[str, Array, Array]:
    world = World.of(seed=1, numbers=numbers)
    passages = world.passages(max(_SIZES))
    questions = world.questions(passages, _QUESTIONS)
    return f"synthetic, {numbers} numbers", passages[:, :numbers], questions[:, :numbers]


def _recall_by_depth(passages: Array, questions: Array) -> list[float]:
    bits = np.packbits(passages > 0, axis=1)
    kept = np.zeros(len(_DEPTHS))
    for question in questions:
        nearest = np.argpartition(-(passages @ question), _NEAREST)[:_NEAREST]
        distances = np.bitwise_count(bits ^ np.packbits(question > 0)).sum(axis=1, dtype=np.int32)
        # As many as are nearer, and as many of the same distance as come first: Postgres breaks ties by chance.
        ranks = _ranks(distances, nearest)
        kept += [(ranks < depth).sum() for depth in _DEPTHS]
    return (kept / (_NEAREST * len(questions))).tolist()


def _ranks(distances: _Integers, of: _Integers) -> _Integers:
    """The place of each by distance, the earlier row first among equals."""
    order = np.argsort(distances, kind="stable")
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    return places[of]
