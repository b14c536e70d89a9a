"""Finds a quote in the text it is said to stand in: a stretch of that text, never the model's own words."""

import unicodedata

from shared.answers.folded_text import FoldedText, fold
from shared.answers.model import Span

LEAST_COLUMNS = 12
"""A shorter quote ("it is the") stands nearly everywhere, and proves nothing. Wide characters count as two."""

_AROUND = " \"'.,;:!?-*_…()[]{}<>"
"""What models put around a quote: left out on both sides before it is looked for."""

_IN_NUMBERS = frozenset(".,:/-")
_WIDE = frozenset({"W", "F"})


def find_quote(quote: str, text: str) -> Span | None:
    """Where `quote` stands in `text`, as whole words; None where it does not, or is too short to prove anything.

    The shortness is forgiven when the text has no more to quote.
    """
    wanted, within = fold(quote).text.strip(_AROUND), fold(text)
    if not wanted or _is_too_short(wanted, within.text.strip(_AROUND)):
        return None
    at = within.text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if _is_boundary(within.text, at) and _is_boundary(within.text, end):
            return _in_text(within, at, end)
        at = within.text.find(wanted, at + 1)
    return None


def columns(text: str) -> int:
    """How much room a text takes, wide characters counted twice."""
    return sum(2 if unicodedata.east_asian_width(character) in _WIDE else 1 for character in text)


def _is_too_short(wanted: str, everything: str) -> bool:
    return columns(wanted) < LEAST_COLUMNS and wanted != everything


def _in_text(within: FoldedText, start: int, end: int) -> Span:
    return Span(start=within.starts[start], end=within.ends[end - 1])


def _is_boundary(text: str, at: int) -> bool:
    """Whether a word may end and another begin before `text[at]`: "paid 10" does not stand in "paid 100"."""
    if at in (0, len(text)):
        return True
    before, after = text[at - 1], text[at]
    if before.isdigit() and after in _IN_NUMBERS and text[at + 1 : at + 2].isdigit():
        return False
    if before in _IN_NUMBERS and after.isdigit() and text[max(0, at - 2) : at - 1].isdigit():
        return False
    return not (_is_of_word(before) and _is_of_word(after))


def _is_of_word(character: str) -> bool:
    return character.isalnum() and unicodedata.east_asian_width(character) not in _WIDE
