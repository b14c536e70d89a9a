"""How deep a search by sign bits goes, and where it need not begin (docs/adr/0006)."""

from shared.search.model import MAX_PARTS, Space

EXACT_VECTORS = 750
"""Up to so many, comparing with every vector is as quick as looking at bits first."""

_LEAST_DEPTH = 200
_MOST_FOR_SIZE = 1_000
_DEPTH_DIVISOR = 100


def depth_of(vector_count: int, *, results: int) -> int:
    """How many of a user's vectors, those nearest by bits, to compare in full so that so many results are the nearest.

    As many as parts of one chunk could fill, and a hundredth of what the user has. Measured on real texts: 0.99 and
    more of the nearest 1, 10, 30 and 50 are among them.
    """
    return max(_LEAST_DEPTH, results * MAX_PARTS) + min(_MOST_FOR_SIZE, vector_count // _DEPTH_DIVISOR)


def depth_in(space: Space, *, results: int) -> int | None:
    """The same for a space; None where every vector is to be compared."""
    return None if space.vector_count <= EXACT_VECTORS else depth_of(space.vector_count, results=results)
