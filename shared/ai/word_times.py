"""Gives the words of a transcript's segments their times.

Providers tell words apart from segments: segments have spaces and punctuation and rough times, words have exact times
and nothing else. Here each segment is parted where its words begin, so that its text is kept to the letter, in any
script, whether or not it has spaces between words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from shared.ai.capabilities import Segment, Word
from shared.values import frozen


@frozen
class HeardWord:
    """A word as a provider tells it: times in milliseconds."""

    text: str
    start_ms: int
    end_ms: int


def with_words(segments: Sequence[Segment], heard: Sequence[HeardWord]) -> tuple[Segment, ...]:
    """The segments, each with the words that were heard while it lasted."""
    of_segment: list[list[HeardWord]] = [[] for _ in segments]
    at = 0
    for word in heard:
        middle = (word.start_ms + word.end_ms) // 2
        while at + 1 < len(segments) and segments[at + 1].start_ms <= middle:
            at += 1
        if of_segment:
            of_segment[at].append(word)
    return tuple(
        replace(segment, words=tuple(_words(segment, own))) for segment, own in zip(segments, of_segment, strict=True)
    )


def _words(segment: Segment, heard: Sequence[HeardWord]) -> Iterator[Word]:
    """Pieces that together are the segment's text: each begins where one of the words is found in it."""
    found = list(_found(segment.text, heard))
    starts = [0, *(begins for begins, _ in found[1:])]
    ends = [*starts[1:], len(segment.text)]
    for (_, word), begins, ends_at in zip(found, starts, ends, strict=False):
        yield Word(start_ms=word.start_ms, end_ms=max(word.start_ms, word.end_ms), text=segment.text[begins:ends_at])


def _found(text: str, heard: Sequence[HeardWord]) -> Iterator[tuple[int, HeardWord]]:
    """Where in the text each word begins; one that is not there belongs to the piece before it."""
    plain, cursor = _plain(text), 0
    for word in heard:
        wanted = _plain(word.text.strip())
        begins = plain.find(wanted, cursor) if wanted else -1
        if begins >= 0:
            yield begins, word
            cursor = begins + len(wanted)


def _plain(text: str) -> str:
    """Lower case of the same length: of some letters it has two."""
    return "".join(lower if len(lower := letter.lower()) == 1 else letter for letter in text)
