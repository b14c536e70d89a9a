from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from dev.vendors.ai_extract import MOST_SENTENCES, extract, pick, sentences_of, title_of

TOPICS = ("dentist", "launch", "soup")


def by_topic(sentences: Sequence[str]) -> NDArray[np.float32]:
    """A stand-in for an embedding: which of three topics a sentence names, and a little of everything."""
    rows = np.array([[0.1 + (topic in sentence) for topic in TOPICS] for sentence in sentences], dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_sentences_end_at_marks_and_at_lines_and_fences_are_none() -> None:
    notes = "<notes>\nOne. Two!\nThree?  Four\n\n</notes>\n---"
    assert sentences_of(notes) == ["One.", "Two!", "Three?", "Four"]


def test_sentences_without_spaces_between_them_are_told_apart() -> None:
    assert sentences_of("今日は雨。明日は晴れ。") == ["今日は雨。", "明日は晴れ。"]


def test_a_sentence_said_twice_counts_once() -> None:
    assert sentences_of("Buy milk. Buy milk. Go.") == ["Buy milk.", "Go."]


def test_very_long_notes_are_thinned_evenly() -> None:
    kept = sentences_of(" ".join(f"Sentence {number}." for number in range(1_000)))
    assert len(kept) <= MOST_SENTENCES
    assert kept[0] == "Sentence 0."
    assert int(kept[-1].split()[1].strip(".")) > 990


def test_the_summary_has_one_sentence_of_each_topic_in_the_order_of_the_notes() -> None:
    notes = "The dentist called. The dentist waits. The dentist hurts. The launch moves. A soup for Friday."
    assert extract(notes, by_topic).summary == "The dentist called. The launch moves. A soup for Friday."


def test_few_sentences_are_all_kept() -> None:
    assert extract("The launch moves. A soup.", by_topic).summary == "The launch moves. A soup."


def test_nothing_said_has_no_title_and_no_summary() -> None:
    found = extract(" \n ... \n", by_topic)
    assert (found.title, found.summary) == ("", "")


def test_nothing_is_picked_twice() -> None:
    vectors = by_topic(["dentist"] * 5)
    assert sorted(pick(vectors, vectors @ vectors[0], count=5)) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        ("Buy milk.", "Buy milk"),
        ("On Tuesday morning I have an appointment with the dentist.", "On Tuesday morning I have an appointment"),
        ("We go there at eight, nine or ten, and then, home.", "We go there at eight, nine or ten"),
        ("Look at", "Look at"),
    ],
)
def test_a_title_is_eight_words_that_end_well(sentence: str, title: str) -> None:
    assert title_of(sentence) == title
