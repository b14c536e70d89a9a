"""What is known of embedding models: how near in a model's own space means how alike to a person.

Cosines of one model say nothing about another's: what is near 0.8 in one space is 0.35 in the next. Each model has
a curve from its cosines to a similarity that means the same for all: from RELEVANT on, a note is about what was asked.
"""

from bisect import bisect_right
from collections.abc import Sequence

RELEVANT = 0.7
"""The similarity from which on an answer is worth showing: the contract's own default, for every model."""

Curve = Sequence[tuple[float, float]]
"""Points (cosine, similarity), both ascending from 0 to 1; straight lines between them."""

# Where the middle point lies is measured (docs/adr/0024). text-embedding-3-small: the contract's own example; OpenAI's
# v3 models put related short texts at 0.3 to 0.6. To be measured with a key.
_CURVES: dict[str, Curve] = {
    "all-MiniLM-L6-v2": ((0, 0), (0.3, RELEVANT), (1, 1)),
    "text-embedding-3-small": ((0, 0), (0.3, RELEVANT), (1, 1)),
}
_UNMEASURED: Curve = ((0, 0), (1, 1))


def similarity_of(cosine: float, *, model: str) -> float:
    """How alike (0 to 1) two texts are whose vectors of this model have that cosine. Below 0 is nothing alike.

    Of a model nobody has measured it is the cosine itself.
    """
    return _read(_curve_of(model), cosine)


def cosine_of(similarity: float, *, model: str) -> float:
    """The cosine at which texts are that much alike (0 to 1): the inverse of `similarity_of`."""
    return _read([(alike, cosine) for cosine, alike in _curve_of(model)], similarity)


def _curve_of(model: str) -> Curve:
    return _CURVES.get(model.rpartition("/")[2], _UNMEASURED)


def _read(curve: Curve, at: float) -> float:
    at = min(1.0, max(0.0, at))
    right = min(bisect_right(curve, at, key=lambda point: point[0]), len(curve) - 1)
    (x0, y0), (x1, y1) = curve[right - 1], curve[right]
    return y0 + (y1 - y0) * (at - x0) / (x1 - x0)
