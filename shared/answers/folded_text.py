"""A text as a quote is compared with it: without what a model or a keyboard changes, and each character's place kept.

Folded away are letter case, forms of one character (NFKC), runs of white space, kinds of quotation marks and dashes,
and characters without width.
"""

import unicodedata
from collections.abc import Iterator

from shared.values import frozen

_SINGLE = "\u2018\u2019\u201a\u201b\u2032\u2035\u02bc\u0060\u00b4"
_DOUBLE = "\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_SAME = str.maketrans({**dict.fromkeys(_SINGLE, "'"), **dict.fromkeys(_DOUBLE, '"'), **dict.fromkeys(_DASHES, "-")})
_JAMO = ("\u1160", "\u11ff")
"""Vowels and final consonants of Hangul: they belong to the consonant before them."""


@frozen
class FoldedText:
    """`starts[i]` and `ends[i]` are where the i-th folded character stands in the text it was made of."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def fold(text: str) -> FoldedText:
    """The text to compare, without white space at its ends."""
    folded: list[tuple[str, int, int]] = []
    for start, end in _clusters(text):
        for character in _plain(text[start:end]):
            if character != " " or (folded and folded[-1][0] != " "):
                folded.append((character, start, end))
    while folded and folded[-1][0] == " ":
        folded.pop()
    return FoldedText(
        text="".join(character for character, _, _ in folded),
        starts=tuple(start for _, start, _ in folded),
        ends=tuple(end for _, _, end in folded),
    )


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Each character with the marks that follow it: NFKC may make one of them, and never of two such clusters."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not _continues(text[at]):
            yield start, at
            start = at


def _continues(character: str) -> bool:
    return unicodedata.category(character)[0] == "M" or _JAMO[0] <= character <= _JAMO[1]


def _plain(cluster: str) -> str:
    # The soft hyphen is no dash: it has no width. Accents that stand alone are mapped first: NFKC makes two of them.
    special = cluster.replace("\u00ad", "").translate(_SAME)
    twice = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", special).casefold())
    return "".join(" " if each.isspace() else each for each in twice.translate(_SAME) if not _is_without_width(each))


def _is_without_width(character: str) -> bool:
    return unicodedata.category(character) == "Cf"
