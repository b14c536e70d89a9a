"""A summary made of the notes' own sentences: the most central ones that do not repeat each other."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Encoder = Callable[[Sequence[str]], Array]

SENTENCES_KEPT = 3
RELEVANCE = 0.5  # MMR's lambda: 1 takes the most central sentences only; at 0.7 one topic told thrice filled it
MOST_SENTENCES = 400  # embedding them takes 4 s; of longer notes every n-th sentence is considered
TITLE_WORDS = 8

SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])\s*|\s*\n\s*")  # noqa: RUF001 - full-width on purpose
TAG = re.compile(r"</?\w+>")  # prompts fence the notes with lines such as <notes>
SPACE_AND_MARKS = " \t\n.,;:!?…。！？-\"'"  # noqa: RUF001 - full-width on purpose
DANGLING = frozenset(
    ["a", "an", "and", "at", "but", "by", "for", "from", "in", "my", "of", "on", "or", "the", "to", "we", "with"]
)


@dataclass(frozen=True, kw_only=True)
class Extract:
    """A title of at most eight words, and a few sentences in the order of the notes."""

    title: str
    summary: str


def extract(notes: str, encode: Encoder) -> Extract:
    """The title and summary of `notes`; both empty when there is no sentence. `encode` gives unit vectors."""
    sentences = sentences_of(notes)
    if not sentences:
        return Extract(title="", summary="")
    vectors = encode(sentences)
    centrality = vectors @ _unit(vectors.mean(axis=0))
    kept = pick(vectors, centrality, count=SENTENCES_KEPT)
    return Extract(
        title=title_of(sentences[int(centrality.argmax())]),
        summary=" ".join(sentences[index] for index in sorted(kept)),
    )


def sentences_of(notes: str) -> list[str]:
    """The different sentences of the notes, fences left out, thinned evenly when there are very many."""
    pieces = (piece.strip() for piece in SENTENCE_END.split(notes))
    spoken = [piece for piece in pieces if piece.strip(SPACE_AND_MARKS) and not TAG.fullmatch(piece)]
    unique = list(dict.fromkeys(spoken))
    return unique[:: -(-len(unique) // MOST_SENTENCES) or 1]


def pick(vectors: Array, centrality: Array, *, count: int) -> list[int]:
    """Indices by maximal marginal relevance: close to the centre, far from those picked before."""
    kept: list[int] = []
    nearest_kept = np.zeros(len(vectors), dtype=np.float32)
    for _ in range(min(count, len(vectors))):
        scores = RELEVANCE * centrality - (1 - RELEVANCE) * nearest_kept
        scores[kept] = -np.inf
        best = int(scores.argmax())
        kept.append(best)
        nearest_kept = np.maximum(nearest_kept, vectors @ vectors[best])
    return kept


def title_of(sentence: str) -> str:
    """The sentence's first eight words, without a word left hanging or punctuation at the end."""
    words = sentence.split()
    kept = words[:TITLE_WORDS]
    while len(kept) < len(words) and len(kept) > 1 and kept[-1].lower() in DANGLING:
        kept = kept[:-1]
    return " ".join(kept).rstrip(SPACE_AND_MARKS)


def _unit(vector: Array) -> Array:
    return vector / np.float32(np.linalg.norm(vector) or 1)
