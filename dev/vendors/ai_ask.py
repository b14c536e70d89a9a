"""Answers out of notes from something that cannot read: the passages' own sentences nearest to the question.

What it claims is what it quotes, so it invents nothing; it also concludes nothing, and knows near from far only.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dev.vendors.ai_extract import sentences_of

Array = NDArray[np.float32]
Encoder = Callable[[Sequence[str]], Array]

MOST_CLAIMS = 3
LEAST_SIMILARITY = 0.6
"""On the evaluation's questions that may be tuned on, MiniLM's nearest sentence is at 0.6 or more for 73 % of the
questions it answers rightly, and for 48 % of those that have no answer: one detail off is near, to it."""
OF_THE_BEST = 0.9
"""A second sentence is said if it comes this close to the first."""

_QUESTION = r"^<question (?P<code>[0-9a-f]+)>\n(?P<question>.*)\n</question (?P=code)>\Z"
_FENCE = re.compile(_QUESTION, re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The question, and the passages by their numbers."""

    question: str
    passages: dict[int, str]


def read_question(message: str) -> Asked | None:
    """What a message asks about notes; None of a message that does not. Lines without the fence's code are text."""
    fence = _FENCE.search(message)
    if fence is None:
        return None
    passage = re.compile(
        rf"^<passage (\d+) [^\n]*{fence['code']}>\n(.*?)\n</passage \1 {fence['code']}>$", re.MULTILINE | re.DOTALL
    )
    return Asked(
        question=fence["question"],
        passages={int(number): text for number, text in passage.findall(message[: fence.start()])},
    )


def claims_json(asked: Asked, encode: Encoder) -> dict[str, Any]:
    """The nearest sentences as claims that quote themselves, or none. `encode` gives unit vectors."""
    sentences = list(_sentences(asked))
    if not sentences:
        return {"claims": []}
    vectors = encode([asked.question, *(text for _, text in sentences)])
    similarities = vectors[1:] @ vectors[0]
    least = max(LEAST_SIMILARITY, OF_THE_BEST * float(similarities.max()))
    best = [int(place) for place in np.argsort(-similarities)[:MOST_CLAIMS] if similarities[place] >= least]
    return {"claims": [_claim(*sentences[place]) for place in best]}


def _sentences(asked: Asked) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for number, text in asked.passages.items():
        for sentence in sentences_of(text):
            if sentence not in seen:
                seen.add(sentence)
                yield number, sentence


def _claim(number: int, sentence: str) -> dict[str, Any]:
    return {"text": sentence, "quotes": [{"source": number, "quote": sentence}]}
