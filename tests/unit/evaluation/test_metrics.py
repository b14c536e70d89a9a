"""The figures of `make eval`, worked out by hand."""

import math

import pytest

from evaluation.metrics import Abstention, Found, score


def test_a_passage_in_the_first_place_is_all_one_can_want() -> None:
    found = Found(gold=1, places=(1,))
    assert (found.recall, found.reciprocal_rank, found.ndcg) == (1, 1, 1)


def test_a_passage_further_down_counts_less() -> None:
    found = Found(gold=1, places=(3,))
    assert (found.recall, found.reciprocal_rank, found.ndcg) == (1, 1 / 3, 0.5)


def test_what_is_not_among_the_first_ten_is_not_found() -> None:
    found = Found(gold=2, places=(11,))
    assert (found.recall, found.reciprocal_rank, found.ndcg) == (0, 0, 0)


def test_several_passages_are_measured_against_the_best_order() -> None:
    found = Found(gold=2, places=(1, 3))
    assert found.recall == 1
    assert found.ndcg == pytest.approx((1 + 0.5) / (1 + 1 / math.log2(3)))


def test_a_score_is_the_mean_over_questions() -> None:
    means = score([Found(gold=1, places=(1,)), Found(gold=1, places=())])
    assert (means.questions, means.recall, means.ndcg, means.mrr) == (2, 0.5, 0.5, 0.5)


def test_nothing_has_no_mean() -> None:
    with pytest.raises(ValueError, match="no question"):
        score([])


def test_silence_is_right_when_there_is_no_answer() -> None:
    silence = Abstention(silent=4, unanswerable=5, both=3)
    assert (silence.precision, silence.recall) == (0.75, 0.6)


def test_who_is_never_silent_is_never_wrongly_so() -> None:
    silence = Abstention(silent=0, unanswerable=5, both=0)
    assert (silence.precision, silence.recall) == (1, 0)


def test_two_passages_in_one_result_are_both_found_and_no_better_than_perfect() -> None:
    found = Found(gold=2, places=(1, 1))
    assert (found.recall, found.ndcg) == (1, 1)
