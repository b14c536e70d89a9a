"""How two sides that were measured in turns compare."""

import statistics
from collections.abc import Sequence


def ratio_of(side: Sequence[float], other: Sequence[float]) -> float:
    """The median of the ratios of each round, whose two figures saw the same machine."""
    return statistics.median(one / another for one, another in zip(side, other, strict=True))
