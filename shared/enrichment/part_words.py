"""Brings what was heard in a part onto the clock of the whole recording, and joins what was heard in all parts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from shared.ai.capabilities import Segment, Word
from shared.enrichment.seams import ESTIMATED_MS, TOLD_MS, find_seam
from shared.media.recording_part import RecordingPart, Stretch, end_in_recording, start_in_recording
from shared.values import frozen


def by_recording_clock(stretches: Sequence[Stretch], segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The segments of a part's file, with the times they have in the recording."""

    def moved(words: Sequence[Word]) -> tuple[Word, ...]:
        return tuple(
            replace(
                word,
                start_ms=start_in_recording(stretches, word.start_ms),
                end_ms=end_in_recording(stretches, word.end_ms),
            )
            for word in words
        )

    return tuple(
        replace(
            segment,
            start_ms=start_in_recording(stretches, segment.start_ms),
            end_ms=end_in_recording(stretches, segment.end_ms),
            words=moved(segment.words),
        )
        for segment in segments
    )


def join_parts(parts: Sequence[RecordingPart]) -> tuple[Segment, ...]:
    """Everything that was heard, in order; `parts` are all of a recording's, in order, and transcribed.

    A segment that a seam goes through keeps the words of its side. Times never run back.
    """
    heard = [_heard(part) for part in parts]
    kept = [[0, len(part.words)] for part in heard]
    for at, (part, following) in enumerate(pairwise(parts)):
        if following.start_ms < part.end_ms:
            overlap = Stretch(start_ms=following.start_ms, end_ms=part.end_ms)
            one, other = heard[at], heard[at + 1]
            typical_ms = TOLD_MS if one.are_told and other.are_told else ESTIMATED_MS
            seam = find_seam(one.words, other.words, overlap, typical_ms=typical_ms)
            kept[at][1], kept[at + 1][0] = seam.kept, seam.left_out
    joined = (segment for part, (first, last) in zip(heard, kept, strict=True) for segment in part.between(first, last))
    return tuple(_in_order(joined))


@frozen
class _Heard:
    """A part's words in a row, and which segment each belongs to; `are_told`: by the provider, with their times."""

    segments: Sequence[Segment]
    words: Sequence[Word]
    owners: Sequence[int]
    are_told: bool

    def between(self, first: int, last: int) -> Iterator[Segment]:
        """The segments, as far as they are made of those words."""
        of_segment: dict[int, list[Word]] = {}
        for word, owner in zip(self.words[first:last], self.owners[first:last], strict=True):
            of_segment.setdefault(owner, []).append(word)
        for owner, words in of_segment.items():
            yield self._of_words(self.segments[owner], words)

    def _of_words(self, segment: Segment, words: Sequence[Word]) -> Segment:
        text = "".join(word.text for word in words).strip()
        if text == segment.text.strip():
            return replace(segment, words=())
        return Segment(start_ms=words[0].start_ms, end_ms=words[-1].end_ms, text=text)


def _heard(part: RecordingPart) -> _Heard:
    segments = part.segments or ()
    pairs = [(word, at) for at, segment in enumerate(segments) for word in segment.words or _estimated(segment)]
    return _Heard(
        segments=segments,
        words=[word for word, _ in pairs],
        owners=[at for _, at in pairs],
        are_told=all(segment.words for segment in segments),
    )


def _estimated(segment: Segment) -> Iterator[Word]:
    """The segment's words as if they were spoken evenly, letter by letter."""
    length_ms, letters = segment.end_ms - segment.start_ms, max(1, len(segment.text))
    begins = 0
    for text in _spaced(segment.text):
        ends = begins + len(text)
        start_ms = segment.start_ms + length_ms * begins // letters
        yield Word(start_ms=start_ms, end_ms=segment.start_ms + length_ms * ends // letters, text=text)
        begins = ends


def _spaced(text: str) -> Iterator[str]:
    """Words, each with the space behind it."""
    word = ""
    for letter in text:
        if word and word[-1].isspace() and not letter.isspace():
            yield word
            word = ""
        word += letter
    if word:
        yield word


def _in_order(segments: Iterator[Segment]) -> Iterator[Segment]:
    reached_ms = 0
    for segment in segments:
        start_ms = max(segment.start_ms, reached_ms)
        yield replace(segment, start_ms=start_ms, end_ms=max(segment.end_ms, start_ms))
        reached_ms = start_ms
