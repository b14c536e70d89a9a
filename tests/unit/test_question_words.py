"""The words of a question, as they are looked for and as they are marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ids import ChunkId, new_id
from shared.search.asked import Term
from shared.search.highlighting import mark_words, words_to_check
from shared.search.words import MOST_TERMS, WordHit, as_tsquery, keep_the_best, terms_of

_BOTH = ("english", "portuguese")


def _term(*lexemes: str) -> Term:
    return Term(lexemes=lexemes)


def test_a_term_has_the_forms_of_all_languages() -> None:
    found = [("english", 1, "meetings"), ("portuguese", 1, "meeting"), ("english", 2, "run"), ("portuguese", 2, "run")]
    assert terms_of(found, languages=_BOTH) == (_term("meeting", "meetings"), _term("run"))


def test_what_one_language_takes_for_a_stop_word_is_no_term() -> None:
    found = [("english", 1, "para"), ("english", 2, "casa"), ("portuguese", 2, "cas")]
    assert terms_of(found, languages=_BOTH) == (_term("cas", "casa"),)


def test_a_word_said_twice_is_one_term_and_there_are_only_so_many() -> None:
    assert terms_of([("simple", 1, "ha"), ("simple", 2, "ha")], languages=["simple"]) == (_term("ha"),)
    many = [("simple", place, f"w{place}") for place in range(1, 100)]
    assert len(terms_of(many, languages=["simple"])) == MOST_TERMS


def test_terms_are_quoted_for_postgres() -> None:
    assert as_tsquery([_term("o'clock", "b\\c"), _term("&")]) == "'o''clock' | 'b\\\\c' | '&'"


def test_few_words_mean_all_of_them() -> None:
    whole, part = (WordHit(chunk_id=ChunkId(new_id()), has_all=has_all) for has_all in (True, False))
    assert keep_the_best([whole, part], term_count=3, limit=1) == [whole.chunk_id]
    assert keep_the_best([whole, part], term_count=3, limit=2) == [whole.chunk_id, part.chunk_id]
    assert keep_the_best([whole, part], term_count=4, limit=1) == [whole.chunk_id, part.chunk_id]


@pytest.mark.parametrize(
    ("text", "matching", "marked"),
    [
        ("A reunião, às 9.", {"reunião", "9"}, ["reunião", "9"]),
        ("to ana@example.org.", {"ana@example.org"}, ["ana@example.org"]),
        ("on 12/05/2026 or 3.5", {"12/05/2026", "3.5"}, ["12/05/2026", "3.5"]),
        ("either/or", {"either/or", "or"}, ["or"]),
        ("«olá» “mundo”… ok", {"olá", "mundo", "ok"}, ["olá", "mundo", "ok"]),
        ("cafe\u0301!", {"cafe\u0301"}, ["cafe\u0301"]),
        ("नमस्ते दुनिया", {"दुनिया"}, ["दुनिया"]),
        ("nothing", set[str](), []),
    ],
)
def test_matching_words_are_marked_where_they_stand(text: str, matching: set[str], marked: list[str]) -> None:
    assert [text[mark.start : mark.end] for mark in mark_words(text, matching)] == marked


@given(text=st.text(max_size=200), number=st.integers(0, 10))
def test_marks_ascend_lie_within_the_text_and_never_overlap(text: str, number: int) -> None:
    words = words_to_check([text], [_term(character) for character in "abc123"], languages=["arabic"])
    marks = mark_words(text, words[:number] if number < 5 else words)
    ends = [0]
    for mark in marks:
        assert ends[-1] <= mark.start < mark.end <= len(text)
        ends.append(mark.end)


def test_only_words_that_may_be_a_form_are_stemmed() -> None:
    texts = ["Émile runs", "Ran away from Emil"]
    assert words_to_check(texts, [_term("emil")], languages=["english"]) == ["Emil", "Émile"]
    assert len(words_to_check(texts, [_term("emil")], languages=["indonesian"])) == 6


@pytest.mark.parametrize("text", ["a" * 600, "." * 600, "a." * 300, "a/" * 300, "@" * 600, "\u0301" * 600], ids=ascii)
def test_texts_without_any_space_are_cut_all_the_same(text: str) -> None:
    assert all(mark.end <= len(text) for mark in mark_words(text, words_to_check([text], [_term("a")], languages=[])))
