"""How good a ranking is, from where in it the gold passages stand."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

DEPTH = 10


@dataclass(frozen=True, kw_only=True)
class Found:
    """Of one question: how many gold passages there are, and at which places (from 1) of the answer they stand.

    Two passages that one result shows stand at one place.
    """

    gold: int
    places: tuple[int, ...]

    @property
    def recall(self) -> float:
        """The share of the gold passages among the first DEPTH results."""
        return len(self._shown()) / self.gold

    @property
    def reciprocal_rank(self) -> float:
        """One over the place of the first gold passage; 0 when none is among the first DEPTH."""
        shown = self._shown()
        return 1 / shown[0] if shown else 0.0

    @property
    def ndcg(self) -> float:
        """Normalised discounted cumulative gain at DEPTH with gains of 0 and 1 (Järvelin and Kekäläinen, 2002)."""
        ideal = sum(_discount(place) for place in range(1, min(self.gold, DEPTH) + 1))
        return min(1.0, sum(_discount(place) for place in self._shown()) / ideal)

    def _shown(self) -> tuple[int, ...]:
        return tuple(place for place in self.places if place <= DEPTH)


@dataclass(frozen=True, kw_only=True)
class Score:
    """Means over questions."""

    questions: int
    recall: float
    ndcg: float
    mrr: float


def score(found: Sequence[Found]) -> Score:
    """The means. ValueError when there is no question."""
    if not found:
        raise ValueError("no question to take a mean of")
    return Score(
        questions=len(found),
        recall=fmean(one.recall for one in found),
        ndcg=fmean(one.ndcg for one in found),
        mrr=fmean(one.reciprocal_rank for one in found),
    )


@dataclass(frozen=True, kw_only=True)
class Abstention:
    """Of questions asked: how often "not in your notes" was said, and rightly.

    `silent` were not answered, `unanswerable` have no answer, `both` are in both.
    """

    silent: int
    unanswerable: int
    both: int

    @property
    def precision(self) -> float:
        """Of those not answered, the share that has no answer; 1 when all were answered."""
        return self.both / self.silent if self.silent else 1.0

    @property
    def recall(self) -> float:
        """Of those that have no answer, the share not answered."""
        return self.both / self.unanswerable if self.unanswerable else 1.0


def _discount(place: int) -> float:
    return 1 / math.log2(place + 1)
