"""Where in a ranking the gold passages of a question stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.corpus_model import Gold, Note
from evaluation.metrics import Found

_SHARE_SEEN = 0.5
"""A passage that two chunks share is found by the one that shows at least half of it."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One result: a stretch of a note."""

    note: str
    text: str


def find_gold(gold: Sequence[Gold], shown: Sequence[Shown], notes: Mapping[str, Note]) -> Found:
    """The places, from 1, at which each gold passage is shown for the first time."""
    left = list(gold)
    places: list[int] = []
    for place, result in enumerate(shown, start=1):
        new = [passage for passage in left if _is_shown(passage, result, notes)]
        left = [passage for passage in left if passage not in new]
        places += [place] * len(new)
    return Found(gold=len(gold), places=tuple(places))


def _is_shown(passage: Gold, result: Shown, notes: Mapping[str, Note]) -> bool:
    if passage.note != result.note:
        return False
    text = notes[passage.note].text
    begun = text.find(passage.quote)
    from_, to = text.find(result.text), text.find(result.text) + len(result.text)
    seen = min(to, begun + len(passage.quote)) - max(from_, begun)
    return seen >= len(passage.quote) * _SHARE_SEEN
