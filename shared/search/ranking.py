"""Puts what two searches found into one order: reciprocal rank fusion, without weights."""

from collections.abc import Sequence

from shared.ids import ChunkId
from shared.search.asked import Leg, Near, Ranked

K = 60
"""From the paper (Cormack, Clarke, Büttcher 2009): how much less the first places count than they would by 1/rank."""


def fuse(*, meaning: Sequence[Near], words: Sequence[ChunkId], most: int) -> list[Ranked]:
    """The union of both lists, each best first, in one order: at most `most`.

    A chunk gets 1/(K + rank) of each list it is in. Of equals, the one that any list has higher comes first, then the
    one found by its words, then the one nearer in meaning, then the lower id: the same lists always give one order.
    """
    cosines = {near.chunk_id: near.cosine for near in meaning}
    places: dict[ChunkId, dict[Leg, int]] = {}
    for rank, near in enumerate(meaning, start=1):
        places.setdefault(near.chunk_id, {})["meaning"] = rank
    for rank, chunk_id in enumerate(words, start=1):
        places.setdefault(chunk_id, {})["words"] = rank
    ranked = [_ranked(chunk_id, ranks, cosines.get(chunk_id)) for chunk_id, ranks in places.items()]
    ranked.sort(key=lambda one: _order(one, places[one.chunk_id]))
    return ranked[:most]


def _ranked(chunk_id: ChunkId, ranks: dict[Leg, int], cosine: float | None) -> Ranked:
    score = sum(1 / (K + rank) for rank in ranks.values())
    return Ranked(chunk_id=chunk_id, score=score, cosine=cosine, matched_by=tuple(ranks))


def _order(one: Ranked, ranks: dict[Leg, int]) -> tuple[float, int, bool, float, ChunkId]:
    # Sums of floats differ in their last digit by the order of adding; two equal scores must be equal.
    return -round(one.score, 12), min(ranks.values()), "words" not in ranks, -(one.cosine or 0), one.chunk_id
