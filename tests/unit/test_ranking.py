"""Two lists become one, by the places chunks have in them."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ids import ChunkId
from shared.search.asked import Near
from shared.search.ranking import K, fuse

_NUMBERS = st.lists(st.integers(0, 40), unique=True, max_size=30)


def _chunk(number: int) -> ChunkId:
    return ChunkId(UUID(int=number))


def _fused(meaning: Sequence[int], words: Sequence[int], *, most: int = 100) -> list[int]:
    near = [Near(chunk_id=_chunk(number), cosine=1 - place / 100) for place, number in enumerate(meaning)]
    return [one.chunk_id.int for one in fuse(meaning=near, words=[_chunk(number) for number in words], most=most)]


@pytest.mark.parametrize(
    ("meaning", "words", "fused"),
    [
        ([], [], []),
        ([1, 2, 3], [], [1, 2, 3]),
        ([], [3, 2, 1], [3, 2, 1]),
        ([1, 2], [2, 1], [1, 2]),
        ([1, 2, 3], [9], [9, 1, 2, 3]),
        ([1, 2, 3], [3], [3, 1, 2]),
        ([1, 2], [8, 9], [8, 1, 9, 2]),
        ([1, 2, 3, 4, 5], [5, 4], [5, 4, 1, 2, 3]),
    ],
    ids=str,
)
def test_the_order_follows_the_places_in_both_lists(
    meaning: Sequence[int], words: Sequence[int], fused: Sequence[int]
) -> None:
    assert _fused(meaning, words) == fused


@given(meaning=_NUMBERS, words=_NUMBERS, most=st.integers(0, 60))
def test_nothing_is_lost_or_doubled_and_the_order_is_total(meaning: list[int], words: list[int], most: int) -> None:
    fused = _fused(meaning, words)
    assert sorted(fused) == sorted({*meaning, *words})
    assert _fused(meaning, words, most=most) == fused[:most]


@given(meaning=_NUMBERS, words=_NUMBERS)
def test_whoever_is_higher_in_both_lists_is_higher(meaning: list[int], words: list[int]) -> None:
    fused = _fused(meaning, words)
    both = [number for number in meaning if number in words]
    for first in both:
        for second in both:
            if meaning.index(first) < meaning.index(second) and words.index(first) < words.index(second):
                assert fused.index(first) < fused.index(second)


def test_a_result_says_who_found_it_and_how_near_it_is() -> None:
    near = [Near(chunk_id=_chunk(1), cosine=0.8), Near(chunk_id=_chunk(2), cosine=0.5)]
    first, second, third = fuse(meaning=near, words=[_chunk(3), _chunk(1)], most=10)
    assert (first.matched_by, first.cosine, first.score) == (("meaning", "words"), 0.8, 1 / (K + 1) + 1 / (K + 2))
    assert (second.chunk_id.int, second.matched_by, second.cosine) == (3, ("words",), None)
    assert (third.matched_by, third.cosine) == (("meaning",), 0.5)
