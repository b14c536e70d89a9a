"""Chunks: small enough, nothing visible lost, cut where a reader would cut."""

import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.search.chunking import MAX_CHARS, OVERLAP_CHARS, cut_into_chunks

FAMILY = "👩‍👩‍👧‍👦"
_PIECES = st.sampled_from(
    [
        "word",
        "a",
        " ",
        "  ",
        "\n",
        "\n\n",
        ". ",
        "! ",
        "?",
        "…",
        "記憶",
        "。",
        "x" * 70,
        "e\u0301",
        FAMILY,
        "👍🏽",
        "🇵🇹",
        '."',
        "\u3000",
    ]
)
_TEXTS = st.lists(_PIECES, max_size=700).map("".join) | st.text(max_size=2_000)


def _chunks(text: str) -> list[str]:
    return [text[span.start : span.end] for span in cut_into_chunks(text)]


@given(_TEXTS)
@example("x" * 5_000)
@example("e" + "\u0301" * 3_000)
@example("\u0301" * 660 + " end")
def test_nothing_visible_is_lost_and_no_chunk_is_too_long(text: str) -> None:
    spans = cut_into_chunks(text)
    covered = {position for span in spans for position in range(span.start, span.end)}
    assert all(character.isspace() for position, character in enumerate(text) if position not in covered)
    assert all(0 < span.end - span.start <= MAX_CHARS for span in spans)
    assert all(chunk == chunk.strip() for chunk in _chunks(text))


@given(_TEXTS)
def test_chunks_advance_and_overlap_by_no_more_than_promised(text: str) -> None:
    for before, after in pairwise(cut_into_chunks(text)):
        assert before.start < after.start
        assert before.end < after.end
        assert after.start >= before.end - OVERLAP_CHARS


@given(_TEXTS)
def test_the_same_text_is_always_cut_the_same_way(text: str) -> None:
    assert cut_into_chunks(text) == cut_into_chunks(text)


@pytest.mark.parametrize("text", ["", "   ", "\n\t\u3000"])
def test_a_text_without_anything_visible_has_no_chunks(text: str) -> None:
    assert cut_into_chunks(text) == []


def test_a_short_text_is_one_chunk_without_its_outer_space() -> None:
    assert _chunks("  Buy milk.\n") == ["Buy milk."]


def test_chunks_end_with_their_sentences() -> None:
    text = "This sentence is repeated until it fills several chunks. " * 40
    assert all(chunk.endswith("chunks.") for chunk in _chunks(text))


def test_a_number_with_a_point_does_not_end_a_sentence() -> None:
    text = "w " * 150 + "so it came to an end. " + "pi is 3.14159 " * 60
    assert _chunks(text)[0].endswith("an end.")


def test_chinese_sentences_end_without_a_space() -> None:
    assert all(chunk.endswith("。") for chunk in _chunks("今天我们讨论了新的计划。" * 120))


def test_without_sentences_chunks_end_and_begin_with_whole_words() -> None:
    text = "alpha beta gamma delta " * 100
    words = {"alpha", "beta", "gamma", "delta"}
    assert all(set(chunk.split()) <= words for chunk in _chunks(text))


def test_a_chunk_repeats_the_last_words_of_the_one_before() -> None:
    text = "alpha beta gamma delta " * 100
    for before, after in pairwise(cut_into_chunks(text)):
        assert 30 < before.end - after.start <= OVERLAP_CHARS


@pytest.mark.parametrize("grapheme", [FAMILY, "👍🏽", "🇵🇹", "e\u0301", "क्षि", "❤️", "\u1112\u1161\u11ab"])
def test_a_run_without_spaces_is_not_cut_inside_a_grapheme(grapheme: str) -> None:
    for chunk in _chunks(grapheme * 900):
        assert len(chunk) % len(grapheme) == 0
        assert chunk.startswith(grapheme)


def test_half_a_million_hostile_characters_are_cut_quickly() -> None:
    started = time.perf_counter()
    for hostile in (".", '."', "🇵", "\u0301", ". ", "\n", " \n"):
        cut_into_chunks(hostile * 100_000 + "x")
    assert time.perf_counter() - started < 20
