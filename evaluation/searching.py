"""The ways of searching that are compared: each leg of the deployed search alone, and both fused."""

from collections.abc import Callable, Mapping, Sequence

from evaluation.captured_life import CapturedLife
from evaluation.corpus_model import Question
from evaluation.gold_places import Shown
from evaluation.rankings import Search
from evaluation.report import FUSION
from evaluation.stage import Stage
from shared.ai.embedders import Embedders
from shared.ai.embedding_models import RELEVANT
from shared.search.asked import LEGS, Asked, Leg
from shared.search.hybrid_search import hybrid_search


def ways_of(stage: Stage) -> Mapping[str, Search]:
    """Meaning alone, words alone, and their fusion: one search, asked with one leg or with both."""
    legs: Mapping[str, tuple[Leg, ...]] = {FUSION: LEGS, **{leg: (leg,) for leg in LEGS}}
    return {name: _searching(stage, of_way) for name, of_way in legs.items()}


def _searching(stage: Stage, legs: tuple[Leg, ...]) -> Callable[[CapturedLife, Question, int], Sequence[Shown]]:
    def search(captured: CapturedLife, question: Question, limit: int) -> Sequence[Shown]:
        asked = Asked(query=question.question, limit=limit, threshold=RELEVANT, now=captured.life.now, legs=legs)
        answer = hybrid_search(stage.db, Embedders(stage.embedder), captured.user_id, asked)
        return [
            Shown(note=captured.note_of(result.passage.block_id), text=result.passage.text) for result in answer.results
        ]

    return search
