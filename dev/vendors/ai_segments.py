"""Turns recognised words with times into the segments Whisper's `verbose_json` carries."""

import math
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

PAUSE_SECONDS = 0.5  # a silence this long between two words ends a segment
LONGEST_SEGMENT_SECONDS = 12.0  # so that a search can point at a second, not at a minute
LEAST_PROBABILITY = 1e-10  # keeps the logarithm finite for words the decoder hardly believes
ALWAYS_UPPER = {"i": "I", "i'm": "I'm", "i'd": "I'd", "i'll": "I'll", "i've": "I've"}


@dataclass(frozen=True, kw_only=True)
class Word:
    """One recognised word; times are seconds from the start of the recording, probability is 0..1."""

    text: str
    start: float
    end: float
    probability: float


Segment = tuple[Word, ...]


def segments_of(utterances: Iterable[Sequence[Word]]) -> list[Segment]:
    """Cuts each utterance at pauses, and again where a piece would last longer than the cap."""
    return [segment for utterance in utterances for segment in _cut(utterance)]


def _cut(words: Sequence[Word]) -> list[Segment]:
    segments: list[Segment] = []
    current: list[Word] = []
    for word in words:
        if current and _ends_before(current, word):
            segments.append(tuple(current))
            current = []
        current.append(word)
    return [*segments, tuple(current)] if current else segments


def _ends_before(current: Sequence[Word], word: Word) -> bool:
    return word.start - current[-1].end >= PAUSE_SECONDS or word.end - current[0].start > LONGEST_SEGMENT_SECONDS


def sentence_of(segment: Segment) -> str:
    """The words as a sentence: first letter upper-case, a full stop at the end.

    The decoder knows no punctuation; a pause is the best sign of a sentence's end it has.
    """
    text = " ".join(ALWAYS_UPPER.get(word.text, word.text) for word in segment)
    return f"{text[:1].upper()}{text[1:]}."


def text_of(segments: Iterable[Segment]) -> str:
    """All segments' sentences in one line; empty for a silent recording."""
    return " ".join(sentence_of(segment) for segment in segments)


def segment_json(index: int, segment: Segment) -> dict[str, Any]:
    """One entry of `segments` in `verbose_json`; times in seconds."""
    text = sentence_of(segment)
    return {
        "id": index,
        "seek": 0,
        "start": round(segment[0].start, 2),
        "end": round(segment[-1].end, 2),
        "text": f" {text}",
        "tokens": [],
        "temperature": 0.0,
        "avg_logprob": round(_mean_log_probability(segment), 4),
        "compression_ratio": round(_compression_ratio(text), 4),
        "no_speech_prob": 0.0,
    }


def word_json(word: Word) -> dict[str, Any]:
    """One entry of `words` in `verbose_json`; times in seconds."""
    return {"word": word.text, "start": round(word.start, 2), "end": round(word.end, 2)}


def _mean_log_probability(segment: Segment) -> float:
    return sum(math.log(max(word.probability, LEAST_PROBABILITY)) for word in segment) / len(segment)


def _compression_ratio(text: str) -> float:
    """Whisper's own measure of repetition: bytes over zlib bytes."""
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw))
