"""The wire shapes of questions to the notes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from shared.answers.model import Citation, NotesAnswer
from shared.edge.endpoint import Body
from shared.edge.shape import shape
from shared.values import frozen

QuestionText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)]


class AskBody(Body):
    """POST /api/ask."""

    question: QuestionText
    conversation_id: UUID | None = None


@frozen
class CitationOut:
    """A place in the caller's notes that proves a part of the answer. Times are ms from the start of `media_id`."""

    session_id: UUID
    block_id: UUID
    start_ms: int | None
    end_ms: int | None
    media_id: UUID | None
    quote: str
    captured_at: datetime

    @classmethod
    def of(cls, citation: Citation) -> "CitationOut":
        """The wire shape of a citation."""
        return shape(cls, citation)


@frozen
class UsageOut:
    """Tokens this question used, and those left of the caller's day (UTC)."""

    tokens: int
    tokens_left: int


@frozen
class AskOut:
    """The answer, or that the notes do not hold it. `degraded`: it was looked for by words alone."""

    answered: bool
    answer: str
    citations: list[CitationOut]
    conversation_id: UUID
    degraded: bool
    usage: UsageOut

    @classmethod
    def of(cls, answer: NotesAnswer) -> "AskOut":
        """The wire shape of an answer."""
        return cls(
            answered=answer.is_answered,
            answer=answer.text,
            citations=[CitationOut.of(citation) for citation in answer.citations],
            conversation_id=answer.conversation_id,
            degraded=answer.is_degraded,
            usage=UsageOut(tokens=answer.tokens, tokens_left=answer.tokens_left),
        )
