"""Phrases that speak of time, or seem to: read as a person would, in English and Portuguese."""

import pytest

from evaluation.when import SETS, Phrase, outcome, read_phrases

ENOUGH = 160


def _cases(name: str) -> list[object]:
    return [
        pytest.param(
            phrase,
            id=f"{name}-{number}-{phrase.language}",
            marks=[pytest.mark.xfail(reason=phrase.miss, strict=True)] if phrase.miss else [],
        )
        for number, phrase in enumerate(read_phrases(name), start=1)
    ]


@pytest.mark.parametrize("phrase", [case for name in SETS for case in _cases(name)])
def test_a_phrase_speaks_of_the_times_a_person_would_name(phrase: Phrase) -> None:
    read = outcome(phrase)
    assert (read.periods, read.rest) == (phrase.expected, phrase.rest), phrase.text


def test_the_phrases_are_many_no_two_the_same_and_half_of_them_are_traps() -> None:
    phrases = [phrase for name in SETS for phrase in read_phrases(name)]
    assert len(phrases) >= ENOUGH
    assert sum(phrase.kind == "trap" for phrase in phrases) >= len(phrases) / 2
    assert len({(phrase.text, phrase.language, phrase.zone) for phrase in phrases}) == len(phrases)


def test_both_languages_are_asked_notes_and_questions_times_and_none() -> None:
    phrases = [phrase for name in SETS for phrase in read_phrases(name)]
    for language in ("en", "pt"):
        own = [phrase for phrase in phrases if phrase.language.startswith(language)]
        assert {(phrase.rest is None, bool(phrase.expected)) for phrase in own} == {
            (True, True), (True, False), (False, True), (False, False),
        }  # fmt: skip
