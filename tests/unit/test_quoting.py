"""A quote is found where it stands, whatever a model did to its looks, and nowhere else."""

import re
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.answers.folded_text import fold
from shared.answers.quoting import LEAST_COLUMNS, columns, find_quote

# ruff: noqa: RUF001 - look-alikes are what these tests are about

_NOTE = "On Tuesday the plumber said: “it’s the valve — not the pump”. He charges 1,180.50 euros, plus tax."

_ALPHABET = st.one_of(
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Cn", "Co")),
    st.sampled_from("aeiou bcd áçãéñü ßŉǰ ﬁ ½ ① ｱ 한글 ㄱ 漢字 。「」 ʼ’“”—– \u00ad\u200b\u0301\u0327"),
)
_TEXTS = st.text(_ALPHABET, min_size=1, max_size=120)


def found(quote: str, text: str) -> str | None:
    span = find_quote(quote, text)
    return None if span is None else text[span.start : span.end]


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("the plumber said", "the plumber said"),
        ("THE PLUMBER SAID", "the plumber said"),
        ("on tuesday\n the  plumber", "On Tuesday the plumber"),
        ("it's the valve - not the pump", "it’s the valve — not the pump"),
        ("\"it's the valve", "it’s the valve"),
        ("the val\u00adve — not", "the valve — not"),
        ("t\u200bhe plum\u2060ber said", "the plumber said"),
        ("…the plumber said...", "the plumber said"),
        ("He charges 1,180.50 euros, plus tax!", "He charges 1,180.50 euros, plus tax"),
    ],
)
def test_what_a_keyboard_or_a_model_changes_is_forgiven(quote: str, stands: str) -> None:
    assert found(quote, _NOTE) == stands


@pytest.mark.parametrize(
    "quote",
    [
        "the plumber says",
        "the plumber … the valve",
        "plumber the said valve",
        "He charges 1,180 euros",
        "he charges 1,180",
        "charges 1,180.5",
        "e plumber sai",
        "",
        " \n ",
        "...",
        "the pump",
        "x" * 5_000,
    ],
)
def test_what_does_not_stand_there_as_whole_words_is_not_found(quote: str) -> None:
    assert found(quote, _NOTE) is None


def test_a_number_that_goes_on_is_another_number() -> None:
    assert found("she owes me 100", "She owes me 1000 for the boat.") is None
    assert found("she owes me 100", "She owes me 1000, but for the boat she owes me 100.") == "she owes me 100"


def test_a_short_quote_counts_only_where_there_is_no_more_to_quote() -> None:
    assert found("oat milk", "Oat milk.") == "Oat milk"
    assert found("oat milk", "Oat milk, and bread for the week.") is None


def test_scripts_without_spaces_have_no_words_to_be_whole() -> None:
    assert found("明日の会議は九時", "メモ:明日の会議は九時からです。") == "明日の会議は九時"


def _is_long_enough(stretch: str) -> bool:
    return columns(fold(stretch).text.strip(" \"'.,;:!?-*_…()[]{}<>")) >= LEAST_COLUMNS


@given(st.text(_ALPHABET, min_size=4 * LEAST_COLUMNS, max_size=120), st.data())
def test_every_stretch_that_is_long_enough_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    words = [match.span() for match in re.finditer(r"\S+", text)]
    starts = [start for start, _ in words if _is_long_enough(text[start:].rstrip())]
    assume(starts)
    start = data.draw(st.sampled_from(starts))
    ends = [end for _, end in words if end > start and _is_long_enough(text[start:end])]
    quote = text[start : data.draw(st.sampled_from(ends))]
    change = data.draw(st.sampled_from(_CHANGES))
    span = find_quote(change(quote), text)
    assert span is not None
    assert fold(text[span.start : span.end]).text in fold(quote).text


_CHANGES = [
    lambda quote: quote,
    lambda quote: f"  “{quote}” ",
    lambda quote: quote.replace(" ", "\n\t "),
    lambda quote: unicodedata.normalize("NFD", quote),
    lambda quote: unicodedata.normalize("NFC", quote),
    lambda quote: "\u200b".join(quote) if not any(unicodedata.combining(each) for each in quote) else quote,
]


@given(_TEXTS, _TEXTS)
def test_whatever_is_found_is_a_stretch_of_the_text_that_says_the_same(quote: str, text: str) -> None:
    span = find_quote(quote, text)
    if span is not None:
        assert 0 <= span.start < span.end <= len(text)
        assert fold(text[span.start : span.end]).text.strip() != ""
        assert fold(quote).text.strip(" \"'.,;:!?-*_…()[]{}<>") in fold(text[span.start : span.end]).text


@given(_TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold(text)
    assert fold(once.text).text == once.text
    assert len(once.text) == len(once.starts) == len(once.ends)
    assert list(once.starts) == sorted(once.starts)
