"""Asks every question for an answer, and looks each quote up again by itself."""

from collections.abc import Sequence

from rich.console import Console
from rich.progress import track

from evaluation.answers import Asked
from evaluation.captured_life import CapturedLife
from evaluation.corpus_model import Question
from evaluation.stage import Stage, endpoint_of
from shared.ai.embedders import Embedders
from shared.ai.http_answerer import PROMPT, HttpAnswerer
from shared.ai.prompt_file import load_prompt
from shared.answers.ask_notes import Asking, ask_notes
from shared.answers.model import Citation, ConversationId
from shared.ids import new_id
from tests.fixtures.local_ai import PATIENCE_SECONDS

_NO_BUDGET = 1_000_000_000


def ask_all(stage: Stage, console: Console) -> list[Asked]:
    """Every question of every life, each in a conversation of its own."""
    asking = Asking(
        embedders=Embedders(stage.embedder),
        answerer=HttpAnswerer(endpoint_of(stage.settings, "CHAT"), timeout_seconds=PATIENCE_SECONDS),
        prompt=load_prompt(PROMPT),
        daily_tokens=_NO_BUDGET,
    )
    questions = [(captured, question) for captured in stage.lives for question in captured.life.questions]
    return [
        _ask(stage, asking, captured, question)
        for captured, question in track(questions, description="asking", console=console, transient=True)
    ]


def _ask(stage: Stage, asking: Asking, captured: CapturedLife, question: Question) -> Asked:
    answer = ask_notes(
        stage.db,
        asking,
        captured.user_id,
        question=question.question,
        conversation_id=ConversationId(new_id()),
        now=captured.life.now,
    )
    return Asked(
        life=captured.life.id,
        question=question,
        is_answered=answer.is_answered,
        cites_gold=_cites_gold(captured, question, answer.citations),
        quotes=len(answer.citations),
        standing=sum(citation.quote in _text(captured, citation) for citation in answer.citations),
    )


def _cites_gold(captured: CapturedLife, question: Question, citations: Sequence[Citation]) -> bool:
    gold = {passage.note for passage in question.gold}
    return any(captured.note_of(citation.block_id) in gold for citation in citations)


def _text(captured: CapturedLife, citation: Citation) -> str:
    return captured.notes[captured.note_of(citation.block_id)].text
