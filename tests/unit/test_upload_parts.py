"""How a file is cut into parts, and which of them count as there."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.media.model import MAX_BYTES
from shared.media.parts import (
    ONE_PIECE_BYTES,
    PART_BYTES,
    Part,
    StoredPart,
    check_digests,
    goes_in_parts,
    missing_parts,
    plan_parts,
)

S3_LEAST_PART_BYTES = 5 * 1024 * 1024
S3_MOST_PARTS = 10_000
SIZES = st.integers(1, 2 * MAX_BYTES["audio"]) | st.integers(1, 70).map(lambda n: n * PART_BYTES)
NEAR_A_SEAM = st.builds(lambda n, off: n * PART_BYTES + off, st.integers(1, 64), st.integers(-2, 2))


def digest(number: int) -> str:
    return f"{number:064x}"


def as_stored(part: Part) -> StoredPart:
    return StoredPart(number=part.number, size_bytes=part.size_bytes, etag=f"e{part.number}", sha256=part.sha256)


@given(SIZES | NEAR_A_SEAM)
def test_the_parts_cover_the_file_once_and_in_order_and_s3_takes_them(size_bytes: int) -> None:
    parts = plan_parts(size_bytes, None)
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    assert parts[0].offset_bytes == 0
    for earlier, later in pairwise(parts):
        assert later.offset_bytes == earlier.offset_bytes + earlier.size_bytes
    assert parts[-1].offset_bytes + parts[-1].size_bytes == size_bytes
    assert all(part.size_bytes == PART_BYTES >= S3_LEAST_PART_BYTES for part in parts[:-1])
    assert 0 < parts[-1].size_bytes <= PART_BYTES
    assert len(parts) <= S3_MOST_PARTS


@given(st.integers(1, 40).map(lambda n: n * PART_BYTES - 1), st.data())
def test_exactly_the_parts_that_are_not_there_as_declared_are_missing(size_bytes: int, data: st.DataObject) -> None:
    count = len(plan_parts(size_bytes, None))
    digests = data.draw(st.none() | st.just([digest(number) for number in range(count)]))
    planned = plan_parts(size_bytes, digests)
    what = data.draw(st.lists(st.sampled_from(["there", "absent", "shorter", "other"]), min_size=count, max_size=count))
    stored: list[StoredPart] = []
    for part, state in zip(planned, what, strict=True):
        kept = as_stored(part)
        if state == "shorter":
            kept = replace(kept, size_bytes=kept.size_bytes - 1)
        if state == "other":
            kept = replace(kept, sha256="f" * 64)
        stored += [] if state == "absent" else [kept]
    expected = [
        part.number
        for part, state in zip(planned, what, strict=True)
        if state in {"absent", "shorter"} or (state == "other" and digests is not None)
    ]
    assert [part.number for part in missing_parts(planned, data.draw(st.permutations(stored)))] == expected


def test_a_store_that_tells_no_digests_is_believed_by_the_sizes() -> None:
    planned = plan_parts(PART_BYTES + 1, [digest(1), digest(2)])
    assert missing_parts(planned, [replace(as_stored(part), sha256=None) for part in planned]) == []


def test_files_up_to_sixteen_mebibytes_go_in_one_piece() -> None:
    assert not goes_in_parts(ONE_PIECE_BYTES)
    assert goes_in_parts(ONE_PIECE_BYTES + 1)


LARGE = 2 * PART_BYTES + 1
THREE = tuple(map(digest, range(3)))


@pytest.mark.parametrize(
    ("size_bytes", "sha256", "part_sha256"),
    [
        (9, None, THREE[:1]),
        (ONE_PIECE_BYTES, digest(1), THREE[:2]),
        (LARGE, None, THREE[:2]),
        (LARGE, None, (*THREE, digest(3))),
        (LARGE, digest(1), None),
    ],
    ids=["small", "one_piece", "too_few", "too_many", "whole_only"],
)
def test_digests_that_the_store_could_not_check_are_refused(
    size_bytes: int, sha256: str | None, part_sha256: tuple[str, ...] | None
) -> None:
    with pytest.raises(Invalid):
        check_digests(size_bytes, sha256=sha256, part_sha256=part_sha256)


@pytest.mark.parametrize(
    ("size_bytes", "sha256", "part_sha256"),
    [(9, digest(1), None), (9, None, None), (LARGE, None, THREE), (LARGE, digest(1), THREE), (LARGE, None, None)],
    ids=["small", "small_bare", "parts", "parts_and_whole", "large_bare"],
)
def test_digests_that_it_checks_are_taken(
    size_bytes: int, sha256: str | None, part_sha256: tuple[str, ...] | None
) -> None:
    check_digests(size_bytes, sha256=sha256, part_sha256=part_sha256)
