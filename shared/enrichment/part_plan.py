"""Decides where a long recording is cut into parts: a pure function of how loud it is.

A part is a piece of the recording in which long silences are left out. It aims at 8 minutes and never lasts more than
10. Best is a cut where a long silence is left out anyway; next, the middle of a pause of 300 ms or more, the one
nearest to 8 minutes. Where nobody pauses between 6 and 10 minutes, both parts get the 8 seconds around the quietest
moment: the words of such an overlap are heard twice, and joined by `seams.py`.
"""

from collections.abc import Iterator, Sequence

from shared.enrichment.silence import MOMENT_MS
from shared.media.recording_part import Stretch
from shared.values import frozen

TARGET_MS = 480_000
MOST_MS = 600_000
"""What a part aims at, and what it never exceeds. Ten minutes of 16 kHz FLAC are 19 MB at worst."""

MOST_BYTES = 24_000_000
"""The largest file a provider is sent; the speech APIs stop at 25 MB."""

OVERLAP_MS = 8_000
"""Heard twice where there is no pause to cut in: some twenty words."""

_EARLIEST_MS = 360_000
_LEAST_PAUSE_MOMENTS = 6  # 300 ms: longer than the silence before a plosive inside a word
_BELOW_LOUD_DB = 20.0


@frozen
class PlannedPart:
    """What one part holds: stretches of the recording, in order, with a long silence left out between each two.

    Only its first stretch can overlap with something: the last one of the part before.
    """

    stretches: tuple[Stretch, ...]

    @property
    def start_ms(self) -> int:
        """Where it begins in the recording."""
        return self.stretches[0].start_ms

    @property
    def end_ms(self) -> int:
        """Where it ends in the recording."""
        return self.stretches[-1].end_ms

    @property
    def length_ms(self) -> int:
        """How long its sound lasts."""
        return sum(stretch.length_ms for stretch in self.stretches)


def plan_parts(levels: Sequence[float], stretches: Sequence[Stretch]) -> list[PlannedPart]:
    """Parts that together hold every stretch, in order. `stretches` are those of `speaking_stretches(levels)`."""
    parts: list[PlannedPart] = []
    held: list[Stretch] = []
    for stretch in stretches:
        for piece, is_cut in _pieces(levels, held, stretch):
            if held and _length(held) + piece.length_ms > MOST_MS:
                parts.append(PlannedPart(stretches=tuple(held)))
                held.clear()
            held.append(piece)
            if is_cut or _length(held) >= TARGET_MS:
                parts.append(PlannedPart(stretches=tuple(held)))
                held.clear()
    return [*parts, PlannedPart(stretches=tuple(held))] if held else parts


def _length(stretches: Sequence[Stretch]) -> int:
    return sum(stretch.length_ms for stretch in stretches)


def _pieces(levels: Sequence[float], held: Sequence[Stretch], stretch: Stretch) -> Iterator[tuple[Stretch, bool]]:
    """The stretch, cut as often as it is too long; True with each piece but the last.

    A part that holds enough already is closed before the stretch rather than after a piece of it.
    """
    before_ms = _length(held)
    if before_ms + stretch.length_ms > MOST_MS and before_ms >= TARGET_MS // 2:
        before_ms = 0
    start_ms = stretch.start_ms
    while before_ms + stretch.end_ms - start_ms > MOST_MS:
        first_ends_ms, second_starts_ms = _cut(levels, start_ms - before_ms)
        yield Stretch(start_ms=start_ms, end_ms=first_ends_ms), True
        start_ms, before_ms = second_starts_ms, 0
    yield Stretch(start_ms=start_ms, end_ms=stretch.end_ms), False


def _cut(levels: Sequence[float], part_starts_ms: int) -> tuple[int, int]:
    """Where a part that began (as if nothing was left out) at that time ends, and where the next one begins."""
    earliest = (part_starts_ms + _EARLIEST_MS) // MOMENT_MS
    latest = (part_starts_ms + MOST_MS - OVERLAP_MS // 2) // MOMENT_MS
    target = (part_starts_ms + TARGET_MS) // MOMENT_MS
    choice = levels[earliest:latest]
    pauses = [earliest + at for at in _pauses(choice)]
    if pauses:
        at_ms = min(pauses, key=lambda at: abs(at - target)) * MOMENT_MS
        return at_ms, at_ms
    quietest = earliest + min(range(len(choice)), key=lambda at: (choice[at], abs(earliest + at - target)))
    at_ms = quietest * MOMENT_MS
    return at_ms + OVERLAP_MS // 2, at_ms - OVERLAP_MS // 2


def _pauses(choice: Sequence[float]) -> Iterator[int]:
    """The middle of each pause: a run of moments that are quiet beside the speech around them."""
    quiet = _quiet_level(choice)
    run = 0
    for at, level in enumerate([*choice, float("inf")]):
        if level <= quiet:
            run += 1
            continue
        if run >= _LEAST_PAUSE_MOMENTS:
            yield at - run + (run + 1) // 2
        run = 0


def _quiet_level(choice: Sequence[float]) -> float:
    """In the lowest quarter between the quiet and the loud moments, and 20 dB below the loud ones.

    In steady noise, or where somebody speaks without drawing breath, no moment is that quiet.
    """
    ranked = sorted(choice)
    quiet, loud = ranked[len(ranked) // 10], ranked[len(ranked) * 95 // 100]
    return min(quiet + (loud - quiet) / 4, loud - _BELOW_LOUD_DB)
