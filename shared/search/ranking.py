"""Puts what two searches found into one order: reciprocal rank fusion, without weights."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.ids import ChunkId
from shared.search.asked import LEGS, Leg, Near, Ranked

K = 60
"""From the paper (Cormack, Clarke, Büttcher 2009): how much less the first places count than they would by 1/rank."""

_FAR = 1_000_000


@dataclass(slots=True)
class _Place:
    """The ranks of one chunk in both lists, from 1; None where it is not in one."""

    chunk_id: ChunkId
    meant: int | None = None
    cosine: float | None = None
    said: int | None = None

    @property
    def score(self) -> float:
        return (1 / (K + self.meant) if self.meant else 0) + (1 / (K + self.said) if self.said else 0)


def fuse(*, meaning: Sequence[Near], words: Sequence[ChunkId], most: int) -> list[Ranked]:
    """The union of both lists, each best first, in one order: at most `most`.

    A chunk gets 1/(K + rank) of each list it is in. Of equals, the one that any list has higher comes first, then the
    one found by its words, then the one nearer in meaning, then the lower id: the same lists always give one order.
    """
    places = {
        near.chunk_id: _Place(near.chunk_id, meant=rank, cosine=near.cosine)
        for rank, near in enumerate(meaning, start=1)
    }
    for rank, chunk_id in enumerate(words, start=1):
        places.setdefault(chunk_id, _Place(chunk_id)).said = rank
    return [_ranked(place) for place in sorted(places.values(), key=_order)[:most]]


def in_this_order(chunk_ids: Sequence[ChunkId]) -> list[Ranked]:
    """Chunks found by their time alone, as they are ordered already."""
    return [
        Ranked(chunk_id=chunk_id, score=1 / (K + rank), cosine=None, matched_by=("time",))
        for rank, chunk_id in enumerate(chunk_ids, start=1)
    ]


def _order(place: _Place) -> tuple[float, int, bool, float, ChunkId]:
    # Sums of floats differ in their last digit by the order of adding; two equal scores must be equal.
    score, best = round(place.score, 12), min(place.meant or _FAR, place.said or _FAR)
    return -score, best, place.said is None, -(place.cosine or 0), place.chunk_id


def _ranked(place: _Place) -> Ranked:
    matched_by: tuple[Leg, ...] = ("words",)
    if place.meant:
        matched_by = LEGS if place.said else ("meaning",)
    return Ranked(chunk_id=place.chunk_id, score=place.score, cosine=place.cosine, matched_by=matched_by)
