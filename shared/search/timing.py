"""When in a recording a stretch of its text was said, also after a person has corrected the text."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby, islice, takewhile

from shared.ai.capabilities import Segment
from shared.search.model import Moment
from shared.values import frozen

MIN_MOMENT_CHARS = 30
"""Shorter moments ("Right, and") are joined with the one after: alone they mean nothing to an embedding."""

# Words compared with words: past this a correction is a new text, and aligning would take minutes.
_MAX_COMPARISONS = 4_000_000

_WORD = re.compile(r"\S+")


@frozen
class _Word:
    start: int
    end: int
    segment: int | None


@frozen
class Timeline:
    """A text whose words know the segment they were said in."""

    text: str
    segments: Sequence[Segment]
    words: Sequence[_Word]

    def times(self, start: int, end: int) -> tuple[int, int] | None:
        """From and to (ms) of the segments said in `text[start:end]`; None where none of it was said."""
        return self._times_of(self._within(start, end))

    def moments(self, start: int, end: int) -> tuple[Moment, ...]:
        """`text[start:end]` in stretches of a segment or a few, in order; empty where none of it was said."""
        return tuple(
            moment for words in _joined(self._by_segment(start, end)) if (moment := self._moment(words)) is not None
        )

    def _within(self, start: int, end: int) -> list[_Word]:
        first = bisect_right(self.words, start, key=lambda word: word.end)
        return list(takewhile(lambda word: word.start < end, islice(self.words, first, None)))

    def _by_segment(self, start: int, end: int) -> Iterator[list[_Word]]:
        """Words in runs of one segment; a word that a person put in stays with what stands before it."""
        latest: int | None = None

        def segment_of(word: _Word) -> int | None:
            nonlocal latest
            latest = latest if word.segment is None else word.segment
            return latest

        return (list(words) for _, words in groupby(self._within(start, end), key=segment_of))

    def _moment(self, words: Sequence[_Word]) -> Moment | None:
        times = self._times_of(words)
        if times is None:
            return None
        return Moment(text=self.text[words[0].start : words[-1].end], start_ms=times[0], end_ms=times[1])

    def _times_of(self, words: Sequence[_Word]) -> tuple[int, int] | None:
        said = [self.segments[word.segment] for word in words if word.segment is not None]
        if not said:
            return None
        return min(segment.start_ms for segment in said), max(segment.end_ms for segment in said)


def timeline(text: str, segments: Sequence[Segment]) -> Timeline:
    """Align `text` with the segments it was made of.

    Segments joined by single spaces are the transcript. Where a person has changed it, words are compared, so
    that unchanged stretches keep their times and new words have none.
    """
    said = [(word, number) for number, segment in enumerate(segments) for word in segment.text.split()]
    spans = [match.span() for match in _WORD.finditer(text)]
    said_at = _aligned([text[start:end] for start, end in spans], [word for word, _ in said])
    segment_of = {at: said[other][1] for at, other in said_at.items()}
    words = [_Word(start=start, end=end, segment=segment_of.get(at)) for at, (start, end) in enumerate(spans)]
    return Timeline(text=text, segments=tuple(segments), words=tuple(words))


def _aligned(written: Sequence[str], said: Sequence[str]) -> dict[int, int]:
    """Place among the said words of each written word that was said.

    What is equal at both ends is set aside first: most corrections are one word in the middle.
    """
    head = _common(written, said)
    tail = _common(written[head:][::-1], said[head:][::-1])
    pairs = {at: at for at in range(head)}
    pairs |= {len(written) - back: len(said) - back for back in range(1, tail + 1)}
    middle = _matches(written[head : len(written) - tail], said[head : len(said) - tail])
    pairs |= {head + at: head + other for at, other in middle}
    return _without_chance(pairs, len(written))


def _without_chance(pairs: dict[int, int], word_count: int) -> dict[int, int]:
    """Only words whose neighbour was said beside them too: one "that" in a new text proves nothing."""
    return {
        at: other
        for at, other in pairs.items()
        if word_count == 1 or pairs.get(at - 1) == other - 1 or pairs.get(at + 1) == other + 1
    }


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    """How many words are equal at the start."""
    shorter = min(len(left), len(right))
    return next((at for at in range(shorter) if left[at] != right[at]), shorter)


def _matches(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places of equal words in equal order."""
    if len(left) * len(right) > _MAX_COMPARISONS:
        return
    for block in SequenceMatcher(a=left, b=right, autojunk=False).get_matching_blocks():
        yield from ((block.a + step, block.b + step) for step in range(block.size))


def _joined(runs: Iterator[list[_Word]]) -> Iterator[list[_Word]]:
    """Runs long enough to mean something: a short one grows by the next, the last by the one before."""
    waiting: list[_Word] = []
    ready: list[list[_Word]] = []
    for run in runs:
        waiting = [*waiting, *run]
        if waiting[-1].end - waiting[0].start >= MIN_MOMENT_CHARS:
            ready.append(waiting)
            waiting = []
    if waiting and ready:
        ready[-1] = [*ready[-1], *waiting]
    elif waiting:
        ready.append(waiting)
    return iter(ready)
