"""Joins the words of a recording's parts: none lost at a seam, and none there twice.

Where a recording was cut in a pause, the words of the next part simply follow. Where parts overlap, the words of the
overlap were heard twice, with times that differ by some tenths of a second, and perhaps with a word at the very edge of
a part misheard. Both hearings are aligned like two strands of DNA: each pair of equal words earns points, the fewer the
further apart they were heard; words that stay alone cost some, but for those of the first part before the overlap and
those of the second after it. So a word said three times in a row is told apart by its neighbours and by its time. The
seam is then put behind the pair with the most undisturbed pairs around it: up to it the first part is believed, after
it the second. Without any pair, the middle of the overlap decides.
"""

from collections.abc import Sequence

from shared.ai.capabilities import Word
from shared.media.recording_part import Stretch
from shared.values import frozen

_NEAR_MS = 1_500
"""Words this far outside the overlap still take part: their times may be wrong by as much."""

_PAIR = 4.0
_ALONE = 1.0

TOLD_MS, ESTIMATED_MS = 250, 1_000
"""How far apart two hearings of a word typically are: where the provider tells its time, and where we estimate it."""

_FURTHEST = 8  # times as far, and it is another word


@frozen
class Seam:
    """How many words of the first part are kept, and how many of the second are left out."""

    kept: int
    left_out: int


def find_seam(first: Sequence[Word], second: Sequence[Word], overlap: Stretch, *, typical_ms: int = TOLD_MS) -> Seam:
    """Where to go over from one part's words to the next one's. All times are by the clock of the recording."""
    begins = next((at for at, word in enumerate(first) if word.end_ms > overlap.start_ms - _NEAR_MS), len(first))
    ends = next((at for at, word in enumerate(second) if word.start_ms >= overlap.end_ms + _NEAR_MS), len(second))
    pairs = _aligned(first[begins:], second[:ends], typical_ms)
    if not pairs:
        return _by_time(first, second, (overlap.start_ms + overlap.end_ms) // 2)
    one, other = pairs[_surest(pairs)]
    return Seam(kept=begins + one + 1, left_out=other + 1)


def _by_time(first: Sequence[Word], second: Sequence[Word], at_ms: int) -> Seam:
    return Seam(
        kept=sum(1 for word in first if word.start_ms + word.end_ms < 2 * at_ms),
        left_out=sum(1 for word in second if word.start_ms + word.end_ms < 2 * at_ms),
    )


def _aligned(first: Sequence[Word], second: Sequence[Word], typical_ms: int) -> list[tuple[int, int]]:
    """The pairs of the best alignment, in order (Needleman and Wunsch, with free ends on the outer sides)."""
    gain = [[_gain(one, other, typical_ms) for other in second] for one in first]
    rows, columns = len(first), len(second)
    best = [[-_ALONE * column for column in range(columns + 1)]]  # words of the second before the first pair: alone
    for row in range(1, rows + 1):
        line = [0.0]  # words of the first part before the overlap cost nothing
        for column in range(1, columns + 1):
            alone = 0.0 if row == rows else _ALONE
            paired = best[row - 1][column - 1] + gain[row - 1][column - 1]
            line.append(max(paired, best[row - 1][column] - _ALONE, line[column - 1] - alone))
        best.append(line)
    return _traced(best, gain)


def _traced(best: list[list[float]], gain: list[list[float]]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    row, column = len(best) - 1, len(best[0]) - 1
    while row and column:
        if best[row][column] == best[row - 1][column - 1] + gain[row - 1][column - 1]:
            row, column = row - 1, column - 1
            pairs.append((row, column))
        elif best[row][column] == best[row - 1][column] - _ALONE:
            row -= 1
        else:
            column -= 1
    return pairs[::-1]


def _gain(one: Word, other: Word, typical_ms: int) -> float:
    """What it earns to take two words for the same one."""
    apart = abs(one.start_ms + one.end_ms - other.start_ms - other.end_ms) / 2
    if apart > _FURTHEST * typical_ms or _bare(one.text) != _bare(other.text):
        return float("-inf")
    return _PAIR - (apart / typical_ms) ** 2


def _bare(text: str) -> str:
    """Without punctuation and case, which change with what is heard around a word."""
    return "".join(letter for letter in text.casefold() if letter.isalnum()) or text.strip()


def _surest(pairs: Sequence[tuple[int, int]]) -> int:
    """The middle of the longest run of pairs without a lone word between them."""
    runs: list[tuple[int, int]] = []
    begins = 0
    for at in range(1, len(pairs) + 1):
        if at == len(pairs) or pairs[at] != (pairs[at - 1][0] + 1, pairs[at - 1][1] + 1):
            runs.append((at - begins, begins))
            begins = at
    length, begins = max(runs, key=lambda run: run[0])
    return begins + (length - 1) // 2
