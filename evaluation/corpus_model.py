"""Invented lives as values: notes, the questions asked about them, and the passages that answer."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field

from shared.ai.capabilities import Segment
from shared.sessions.model import BlockType


class QuestionClass(StrEnum):
    """What makes a question hard."""

    PARAPHRASE = "paraphrase"
    """Shares no content word with any note that answers it."""
    KEYWORD = "keyword"
    """Hangs on one code, name or street, of which the meaning says little."""
    TEMPORAL = "temporal"
    """Hangs on when something was said, or on when it was to happen."""
    FACT = "fact"
    """Asks for one detail, in words near to those of the note."""
    MULTI = "multi"
    """Needs two to six notes together."""
    CROSS_LANGUAGE = "cross_language"
    """Asked in one language, answered by a note in another."""
    NONE = "none"
    """No note answers it."""


class Split(StrEnum):
    """Whether a question may be looked at while depths, weights and thresholds are chosen."""

    TUNE = "tune"
    HELD_OUT = "held_out"


@dataclass(frozen=True, kw_only=True)
class Note:
    """One captured thing: a recording as it was heard, a picture as it was described, or a typed marker."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    id: str
    session: str
    kind: BlockType
    captured_at: AwareDatetime
    language: str
    text: str

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The sentences of a recording with their ms; none for pictures and markers. Joined by spaces, `text`."""
        return cut_into_segments(self.text) if self.kind is BlockType.VOICE else ()


@dataclass(frozen=True, kw_only=True)
class Canary(Note):
    """A note that tries to give orders. Whoever obeys it lets its token out, or does worse.

    `question` is what makes a search find it; `technique` names how it is disguised.
    """

    life: str
    technique: str
    token: str
    question: str


@dataclass(frozen=True, kw_only=True)
class Gold:
    """A passage that answers: `quote` stands in the note, character by character."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    note: str
    quote: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """Something a life asks of its notes. `gold` is every note that answers; empty for the class `none`.

    `expects_period` are the dates a temporal question asks about, [first, first after) in the life's zone.
    """

    __pydantic_config__ = ConfigDict(extra="forbid", populate_by_name=True)

    id: str
    question_class: Annotated[QuestionClass, Field(alias="class")]
    question: str
    language: str
    split: Split
    gold: tuple[Gold, ...]
    answer: str
    expects_period: tuple[date, date] | None = None


@dataclass(frozen=True, kw_only=True)
class Life:
    """One invented person: their notes in the order of capture, and what they ask at the moment `now`."""

    id: str
    name: str
    language: str
    time_zone: str
    now: AwareDatetime
    notes: tuple[Note, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """All that `make eval` is run on."""

    lives: tuple[Life, ...]
    canaries: tuple[Canary, ...]


_MS_PER_WORD = 380
"""Speech at some 158 words a minute."""
_SENTENCE_MARKS = (".", "!", "?", "…")


def cut_into_segments(text: str) -> tuple[Segment, ...]:
    """Sentences one after another, each as long as its words take to say."""
    segments: list[Segment] = []
    words: list[str] = []
    for word in text.split(" "):
        words.append(word)
        if word.endswith(_SENTENCE_MARKS):
            segments.append(_segment_after(segments, words))
            words = []
    if words:
        segments.append(_segment_after(segments, words))
    return tuple(segments)


def _segment_after(segments: list[Segment], words: list[str]) -> Segment:
    start_ms = segments[-1].end_ms if segments else 0
    return Segment(start_ms=start_ms, end_ms=start_ms + _MS_PER_WORD * len(words), text=" ".join(words))
