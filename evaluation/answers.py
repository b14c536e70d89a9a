"""What came of asking for an answer: whether there was one, whom it cited, and whether its quotes stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.corpus_model import Question, QuestionClass
from evaluation.metrics import Abstention


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question, and its answer: `standing` of `quotes` occur in the note they name, word by word."""

    life: str
    question: Question
    is_answered: bool
    cites_gold: bool
    quotes: int
    standing: int


@dataclass(frozen=True, kw_only=True)
class Quotes:
    """How many quotes were returned, and how many of them stand in their source."""

    returned: int
    standing: int


def abstention_of(asked: Sequence[Asked]) -> Abstention:
    """How often nothing was answered, and how often rightly."""
    silent = [one for one in asked if not one.is_answered]
    unanswerable = [one for one in asked if one.question.question_class is QuestionClass.NONE]
    both = [one for one in silent if one.question.question_class is QuestionClass.NONE]
    return Abstention(silent=len(silent), unanswerable=len(unanswerable), both=len(both))


def quotes_of(asked: Sequence[Asked]) -> Quotes:
    """All quotes of all answers."""
    return Quotes(returned=sum(one.quotes for one in asked), standing=sum(one.standing for one in asked))
