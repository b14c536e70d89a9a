"""A question to the notes, what it is answered from, and what is left of the answer when it was checked."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NewType
from uuid import UUID

from shared.ids import BlockId, MediaId, SessionId
from shared.sessions.model import Block
from shared.values import frozen

ConversationId = NewType("ConversationId", UUID)
TurnId = NewType("TurnId", UUID)

TURNS_KEPT = 10
"""Of each conversation; what was asked before is forgotten."""


@frozen
class Span:
    """A stretch of a text, in characters: `text[start:end]`."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Whether the two have a character in common."""
        return self.start < other.end and other.start < self.end


@frozen
class Source:
    """A chunk of the user's notes that may answer, under the number a model is told.

    `orders` are stretches of its text that give orders to whoever reads it: no model is shown them, nothing is proved
    by them. `captured_on` is the day where the user is. `start_ms` and `end_ms` are the moment of the recording that a
    search found; None for what was not spoken.
    """

    number: int
    text: str
    block: Block
    captured_on: date
    start_ms: int | None
    end_ms: int | None
    orders: tuple[Span, ...] = ()


@frozen
class Citation:
    """Where a claim stands in the notes. `quote` is the note's own text; times in ms from the start of `media_id`."""

    session_id: SessionId
    block_id: BlockId
    media_id: MediaId | None
    quote: str
    start_ms: int | None
    end_ms: int | None
    captured_at: datetime


@frozen
class ProvedClaim:
    """A sentence of an answer, fit to be shown, with the places that say so."""

    text: str
    citations: tuple[Citation, ...]


@frozen
class Turn:
    """One question of a conversation and what it was answered; None when the notes did not hold it."""

    id: TurnId
    question: str
    answer: str | None


@frozen
class NewTurn:
    """A turn to be kept. `blocks` are those its answer may have been made of, `follows` the turns it was told."""

    question: str
    answer: str | None
    blocks: Sequence[BlockId] = ()
    follows: Sequence[TurnId] = ()


@frozen
class Reservation:
    """Tokens counted as used on a day (UTC) before a model is asked. `used_tokens`: all of that day, these included.

    `id` names the money that was set aside with them.
    """

    id: UUID
    day: date
    tokens: int
    used_tokens: int


@frozen
class Found:
    """What a search for a question brought. `is_degraded`: by words alone, for the query could not be embedded."""

    sources: tuple[Source, ...]
    is_degraded: bool = False


@frozen
class NotesAnswer:
    """What is left of an answer when it was checked. Without claims, the notes do not hold it.

    `tokens` were used for it, `tokens_left` the user has today.
    """

    text: str
    claims: tuple[ProvedClaim, ...]
    conversation_id: ConversationId
    tokens: int
    tokens_left: int
    is_degraded: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether the notes hold an answer."""
        return bool(self.claims)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every place that proves something of it, each once, in the order of the claims."""
        return tuple(dict.fromkeys(citation for claim in self.claims for citation in claim.citations))
