"""A short question is searched for with what it follows on; one that stands for itself, alone."""

import pytest

from shared.answers.follow_ups import search_query

_FIRST = "What did the plumber say about the boiler?"


@pytest.mark.parametrize(
    ("earlier", "question", "searched"),
    [
        ([], "And when?", "And when?"),
        ([_FIRST], "And when?", f"{_FIRST} And when?"),
        ([_FIRST, "And when?"], "Who said so?", f"{_FIRST} And when? Who said so?"),
        (["Something else entirely, long ago?", _FIRST], "And when?", f"{_FIRST} And when?"),
        ([_FIRST], "Where does Emma keep the bicycle pump?", "Where does Emma keep the bicycle pump?"),
        ([_FIRST], "E quanto foi?", f"{_FIRST} E quanto foi?"),
    ],
)
def test_a_question_takes_along_what_it_needs(earlier: list[str], question: str, searched: str) -> None:
    assert search_query(question, earlier) == searched


def test_no_query_is_longer_than_a_question_may_be() -> None:
    assert len(search_query("why", ["of so " * 160] * 10)) == 1_000
