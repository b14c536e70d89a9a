"""Where a text has the words of a question: cuts texts into words, and marks those that match."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence

from shared.search.asked import Mark, Term

# What white space and punctuation divide; an accent that is a character of its own belongs to its letter.
_PUNCTUATION = (
    r"!-/:-@\[-`{-~\u00a1\u00ab\u00b7\u00bb\u00bf\u2000-\u200b\u200e-\u206f\u3000-\u303f"
    r"\uff01-\uff0f\U0001f000-\U0001ffff"
)
_PIECE = re.compile(rf"[^\s{_PUNCTUATION}]+")
# What Postgres may take for one word though punctuation divides it: an address, a date.
_RUN = re.compile(r"""[^\s,;!?()\[\]{}"<>]+""")
_DIVIDERS = frozenset("@/.:")
_ACCENTS = re.compile("[\u0300-\u036f]")

# Their stemmers take off what a word begins with. All others leave all but the last letters.
_PREFIXED = frozenset({"arabic", "indonesian", "irish", "tamil"})
_CHANGED = 2
"""So many of a lexeme's last letters may be other ones in a word it is a form of: "happi" of "happy"."""


def words_to_check(texts: Iterable[str], terms: Sequence[Term], *, languages: Collection[str]) -> list[str]:
    """The different words of these texts of which one of the terms may be a form: to be stemmed, and compared."""
    lexemes = {lexeme for term in terms for lexeme in term.lexemes}
    words = {word for text in texts for word in _PIECE.findall(text)}
    if any(not _DIVIDERS.isdisjoint(lexeme) for lexeme in lexemes):
        words |= {text[whole.start : whole.end] for text in texts for whole in _wholes(text)}
    if _PREFIXED.isdisjoint(languages):
        beginnings = tuple({lexeme[: max(1, len(lexeme) - _CHANGED)] for lexeme in lexemes})
        initials = {letter for beginning in beginnings for letter in (beginning[0], beginning[0].upper())}
        likely = (word for word in words if word[0] in initials or not word.isascii())
        words = {word for word in likely if _fold(word).startswith(beginnings)}
    return sorted(words)


def mark_words(text: str, matching: Collection[str]) -> tuple[Mark, ...]:
    """Where the text has one of the matching words, in order; none within another."""
    if not matching:
        return ()
    marks = [Mark(start=piece.start(), end=piece.end()) for piece in _PIECE.finditer(text) if piece.group() in matching]
    if all(_DIVIDERS.isdisjoint(word) for word in matching):
        return tuple(marks)
    starts = [mark.start for mark in marks]
    wholes = (mark for mark in _wholes(text) if text[mark.start : mark.end] in matching)
    marks += [whole for whole in wholes if bisect_left(starts, whole.start) == bisect_left(starts, whole.end)]
    return tuple(sorted(marks, key=lambda mark: mark.start))


def _wholes(text: str) -> Iterator[Mark]:
    for run in _RUN.finditer(text):
        pieces = list(_PIECE.finditer(text, run.start(), run.end()))
        if len(pieces) > 1 and not _DIVIDERS.isdisjoint(run.group()):
            yield Mark(start=pieces[0].start(), end=pieces[-1].end())


def _fold(word: str) -> str:
    """As the database's fold_text."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", word.lower())))
