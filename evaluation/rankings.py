"""What each way of searching shows for a question: meaning alone, words alone, and both fused."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evaluation.captured_life import CapturedLife
from evaluation.corpus_model import Question, QuestionClass
from evaluation.gold_places import Shown, find_gold
from evaluation.metrics import DEPTH, Found

Search = Callable[[CapturedLife, Question, int], Sequence[Shown]]
"""At most so many results for the life's question, best first."""


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """One question, and where each way of searching showed its gold."""

    life: str
    question: Question
    found: Mapping[str, Found]


def rank_all(lives: Sequence[CapturedLife], ways: Mapping[str, Search]) -> list[Ranked]:
    """Every question that has an answer, asked in every way."""
    return [
        Ranked(
            life=captured.life.id,
            question=question,
            found={name: _found(captured, question, search) for name, search in ways.items()},
        )
        for captured in lives
        for question in captured.life.questions
        if question.question_class is not QuestionClass.NONE
    ]


def _found(captured: CapturedLife, question: Question, search: Search) -> Found:
    return find_gold(question.gold, search(captured, question, DEPTH), captured.notes)
