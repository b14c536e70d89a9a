"""`python -m evaluation.calibration`: from which cosine on a note is about what was asked, for the embedding model on.

On the split that may be tuned on: how often the passage that answers is still shown at a cut; how often a question
of one life still finds something among the notes of the other, where nothing can be about it; and how often a question
that has no answer, but lies near the life's subjects, does. The cut chosen is the middle point of the model's curve
(shared/ai/embedding_models.py, docs/adr/0024), where similarity is 0.7.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from evaluation.captured_life import CapturedLife
from evaluation.corpus import read_corpus
from evaluation.corpus_model import Question, Split
from evaluation.gold_places import Shown, find_gold
from evaluation.metrics import DEPTH
from evaluation.quiet import quiet
from evaluation.stage import Stage, stage_of
from shared.ai.embedders import Embedders
from shared.ai.embedding_models import RELEVANT, cosine_of
from shared.search.semantic_search import semantic_search

_CUTS = tuple(number / 20 for number in range(2, 15))
_BAR = 10


@dataclass(frozen=True, kw_only=True)
class _Cosines:
    """Of each question, the cosine that counts: of its gold (0: not among the first ten), or of the nearest chunk."""

    gold: Sequence[float]
    foreign: Sequence[float]
    unanswerable: Sequence[float]


def main() -> None:
    """Print the table."""
    console = Console(file=sys.__stdout__)
    with quiet(), stage_of(read_corpus(), console) as stage:
        cosines = {captured.life.id: _cosines(stage, captured) for captured in stage.lives}
        model = stage.embedder.model
    for life, of_life in cosines.items():
        console.print(_table(of_life, title=f"{life}, {model}: share of questions that are shown something at a cut"))
    console.print(f"The curve of {model} puts {RELEVANT} at a cosine of {cosine_of(RELEVANT, model=model):.2f}.")


def _cosines(stage: Stage, captured: CapturedLife) -> _Cosines:
    own = _tuned(captured.life.questions)
    others = [one for other in stage.lives if other is not captured for one in _tuned(other.life.questions)]
    return _Cosines(
        gold=[_of_gold(stage, captured, question) for question in own if question.gold],
        foreign=[_of_nearest(stage, captured, question) for question in others],
        unanswerable=[_of_nearest(stage, captured, question) for question in own if not question.gold],
    )


def _tuned(questions: Sequence[Question]) -> list[Question]:
    return [question for question in questions if question.split is Split.TUNE]


def _of_gold(stage: Stage, captured: CapturedLife, question: Question) -> float:
    ranked = _ranked(stage, captured, question)
    places = find_gold(question.gold, [shown for shown, _ in ranked], captured.notes).places
    return ranked[places[0] - 1][1] if places else 0.0


def _of_nearest(stage: Stage, captured: CapturedLife, question: Question) -> float:
    return _ranked(stage, captured, question)[0][1]


def _ranked(stage: Stage, captured: CapturedLife, question: Question) -> list[tuple[Shown, float]]:
    """The nearest chunks with their cosines, nearest first."""
    embedders, model = Embedders(stage.embedder), stage.embedder.model
    hits = semantic_search(stage.db, embedders, captured.user_id, query=question.question, limit=DEPTH, threshold=0)
    return [
        (Shown(note=captured.note_of(hit.block_id), text=hit.text), cosine_of(hit.similarity, model=model))
        for hit in hits
    ]


def _table(cosines: _Cosines, *, title: str) -> Table:
    table = Table("cosine", "its gold", "", "the other life's", "no answer, but near", title=title)
    for cut in _CUTS:
        gold, foreign, near = (
            sum(cosine >= cut for cosine in of_kind) / len(of_kind)
            for of_kind in (cosines.gold, cosines.foreign, cosines.unanswerable)
        )
        bar = "█" * round(gold * _BAR) + "░" * round(foreign * _BAR)
        table.add_row(f"{cut:.2f}", f"{gold:.2f}", bar, f"{foreign:.2f}", f"{near:.2f}")
    return table


if __name__ == "__main__":
    main()
