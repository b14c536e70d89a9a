"""Cuts text into overlapping chunks: at sentence ends if possible, else at word ends, never in a grapheme."""

# ruff: noqa: RUF001 - the marks that end sentences in other scripts are meant as they stand

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from shared.values import frozen

MAX_CHARS = 600
OVERLAP_CHARS = 50

# A sentence that ends before this would leave a chunk too small to say what it is about.
_MIN_SENTENCE_CUT = 200

# One mark, its closing quotes, then a space: "3.5" and "e.g.x" are no ends. One mark at a time and possessive:
# a run of a hundred thousand dots costs a hundred thousand steps.
_SENTENCE_END = re.compile(
    r"""[.!?…؟।]["'”’»)\]]*+(?=\s|\Z)   # marks that a space follows
      | [。！？｡]["'”’»」』）)]*+          # marks that nothing need follow
      | \S(?=[^\S\n]*+\n)               # a line's last character
    """,
    re.VERBOSE,
)
_WORD = re.compile(r"\S+")
_JOINER = "\u200d"
_VIRAMA = 9  # the combining class of signs that tie a consonant to the next (UAX 29, rule GB9c)


@frozen
class Span:
    """A stretch of a text, in characters: `text[start:end]`."""

    start: int
    end: int


def cut_into_chunks(text: str) -> list[Span]:
    """Chunks of at most MAX_CHARS characters that begin and end with a visible one, in order.

    Every character that is not white space lies in at least one. A chunk repeats up to OVERLAP_CHARS of the
    one before, from the start of a word where there is one.
    """
    return list(_chunks(_Marks.of(text)))


@frozen
class _Marks:
    """Where a text may be cut. All three lists ascend."""

    text: str
    sentence_ends: Sequence[int]
    word_starts: Sequence[int]
    word_ends: Sequence[int]

    @classmethod
    def of(cls, text: str) -> "_Marks":
        words = [match.span() for match in _WORD.finditer(text)]
        return cls(
            text=text,
            sentence_ends=[match.end() for match in _SENTENCE_END.finditer(text)],
            word_starts=[start for start, _ in words],
            word_ends=[end for _, end in words],
        )


def _chunks(marks: _Marks) -> Iterator[Span]:
    if not marks.word_starts:
        return
    start, last = marks.word_starts[0], marks.word_ends[-1]
    while last - start > MAX_CHARS:
        cut = _cut(marks, start)
        yield Span(start=start, end=cut)
        start = _next_start(marks, start, cut)
    yield Span(start=start, end=last)


def _cut(marks: _Marks, start: int) -> int:
    """The best end for a chunk that begins at `start` and cannot hold the rest of the text."""
    limit = start + MAX_CHARS
    return (
        _last_in(marks.sentence_ends, start + _MIN_SENTENCE_CUT, limit)
        or _last_in(marks.word_ends, start + OVERLAP_CHARS, limit)
        or _boundary_before(marks.text, limit, floor=start + OVERLAP_CHARS)
    )


def _next_start(marks: _Marks, start: int, cut: int) -> int:
    """Where the next chunk begins: later than `start`, and skipping nothing visible after `cut`."""
    earliest = max(cut - OVERLAP_CHARS, start + 1)
    word = _first_at(marks.word_starts, earliest)
    if word is not None and word < cut:
        return word
    within_word = _boundary_after(marks.text, earliest, ceiling=cut)
    return word if word is not None and marks.text[within_word].isspace() else within_word


def _last_in(ascending: Sequence[int], above: int, limit: int) -> int | None:
    """The largest entry in (above, limit]."""
    at = bisect_right(ascending, limit) - 1
    return ascending[at] if at >= 0 and ascending[at] > above else None


def _first_at(ascending: Sequence[int], least: int) -> int | None:
    at = bisect_left(ascending, least)
    return ascending[at] if at < len(ascending) else None


def _boundary_before(text: str, limit: int, *, floor: int) -> int:
    """The last place at or before `limit` where graphemes meet; `limit` itself when one fills everything."""
    return next((at for at in range(limit, floor, -1) if _is_boundary(text, at)), limit)


def _boundary_after(text: str, least: int, *, ceiling: int) -> int:
    return next((at for at in range(least, ceiling) if _is_boundary(text, at)), ceiling)


def _is_boundary(text: str, at: int) -> bool:
    """Whether two graphemes meet before `text[at]`: the rules of UAX 29 that matter for what people write."""
    before, after = text[at - 1], text[at]
    if _JOINER in (before, after) or _extends(after) or unicodedata.combining(before) == _VIRAMA:
        return False
    if _is_flag_half(before) and _is_flag_half(after):
        return _flag_halves_before(text, at) % 2 == 0
    return True


def _extends(character: str) -> bool:
    """Whether it belongs to the one before: accents, variation selectors, skin tones, tags, Hangul vowels."""
    return (
        unicodedata.category(character)[0] == "M"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
        or "\u1160" <= character <= "\u11ff"
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    """How many regional indicators stand right before `at`; looks back no further than one chunk."""
    count = 0
    while count < min(at, MAX_CHARS) and _is_flag_half(text[at - 1 - count]):
        count += 1
    return count
