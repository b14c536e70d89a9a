"""What we ask of AI providers, one Protocol for each capability. Adapters raise VendorDown and VendorRefused only."""

from array import array
from collections.abc import Sequence
from dataclasses import field
from datetime import UTC, date, datetime
from typing import Protocol, TypeAlias

from shared.values import frozen

Vector: TypeAlias = "array[float]"
"""1,536 numbers of 32 bits, of unit length. Nobody changes one in place."""


def _now() -> datetime:
    return datetime.now(UTC)


@frozen
class Endpoint:
    """Where a capability is bought: a provider by name, its address, its model, and our key for it."""

    provider: str
    base_url: str
    model: str
    api_key: str = field(repr=False)


@frozen
class Usage:
    """What a call used, as the provider reported it, how long we waited for it, and when it was over.

    `tokens` are all of them. `input_tokens` include `cached_input_tokens`, which cost less. `wasted` are calls before
    this one that were paid for and brought nothing.
    """

    provider: str
    model: str
    operation: str
    tokens: int = 0
    input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0
    audio_ms: int = 0
    wasted: tuple["Usage", ...] = ()
    provider_ms: int = field(default=0, compare=False)
    at: datetime = field(default_factory=_now, compare=False)


@frozen
class Word:
    """A word of a segment, with the space and punctuation that follow it; times from the start of the recording."""

    start_ms: int
    end_ms: int
    text: str


@frozen
class Segment:
    """A stretch of a transcript; times from the start of the recording.

    `words`, put together, are its text; there are none where the provider tells no times of words.
    """

    start_ms: int
    end_ms: int
    text: str
    words: tuple[Word, ...] = ()


@frozen
class Transcript:
    """Everything that was said; empty text when nobody spoke."""

    text: str
    segments: tuple[Segment, ...]
    language: str | None
    usage: Usage


@frozen
class Description:
    """What a picture shows, and the text read in it."""

    caption: str
    text: str
    usage: Usage


@frozen
class Summary:
    """A title of a few words and a short summary."""

    title: str
    summary: str
    usage: Usage


@frozen
class Embedded:
    """One unit-length vector of 1,536 numbers for each text given, in order."""

    vectors: tuple[Vector, ...]
    usage: Usage


@frozen
class Passage:
    """A piece of a user's notes as a model is shown it: under a number, with the day it was captured."""

    number: int
    text: str
    captured_on: date


@frozen
class EarlierTurn:
    """What was asked and answered before, in the same conversation."""

    question: str
    answer: str


@frozen
class QuestionToNotes:
    """Everything a model is told when notes are asked. `language` is the tag of the user's own language."""

    question: str
    passages: tuple[Passage, ...]
    earlier: tuple[EarlierTurn, ...] = ()
    language: str = "en"


@frozen
class SaidQuote:
    """What a model says stands in a passage. Nobody has looked yet."""

    passage: int
    text: str


@frozen
class Claim:
    """A sentence of an answer, and the quotes a model gives for it."""

    text: str
    quotes: tuple[SaidQuote, ...]


@frozen
class Claimed:
    """A model's answer out of notes: nothing of it is checked. No claims: it found no answer in them."""

    claims: tuple[Claim, ...]
    usage: Usage


class Transcriber(Protocol):
    """Turns speech into text with times."""

    def transcribe(self, audio: bytes, *, file_name: str, language: str | None) -> Transcript:
        """The transcript of one audio file in a container the provider reads."""
        ...


class ImageDescriber(Protocol):
    """Says what a picture shows."""

    def describe(self, image: bytes, *, content_type: str, language: str) -> Description:
        """Caption in `language`, and the text in the picture as it stands there."""
        ...


class Embedder(Protocol):
    """Turns texts into vectors. `provider` and `model` name the space the vectors live in."""

    provider: str
    model: str

    def embed(self, texts: Sequence[str]) -> Embedded:
        """Vectors for up to any number of texts (batched inside)."""
        ...


class Summariser(Protocol):
    """Sums notes up."""

    def summarise(self, notes: str, *, language: str) -> Summary:
        """Title and summary in `language` of everything in `notes`."""
        ...


class Answerer(Protocol):
    """Answers a question out of passages, and quotes them."""

    def answer(self, asked: QuestionToNotes) -> Claimed:
        """Claims with their quotes, as the model makes them."""
        ...
