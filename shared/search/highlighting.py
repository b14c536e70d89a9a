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

# Their stemmers take off what a word begins with. All others leave its first letter.
_PREFIXED = frozenset({"arabic", "indonesian", "irish", "tamil"})


def words_to_check(texts: Iterable[str], terms: Sequence[Term], *, languages: Collection[str]) -> list[str]:
    """The different words of these texts of which one of the terms may be a form: to be stemmed, and compared."""
    words = {text[mark.start : mark.end] for text in texts for mark in (*_pieces(text), *_wholes(text))}
    if _PREFIXED.isdisjoint(languages):
        initials = {lexeme[0] for term in terms for lexeme in term.lexemes}
        words = {word for word in words if _fold(word)[:1] in initials}
    return sorted(words)


def mark_words(text: str, matching: Collection[str]) -> tuple[Mark, ...]:
    """Where the text has one of the matching words, in order; none within another."""
    marks = [mark for mark in _pieces(text) if text[mark.start : mark.end] in matching]
    starts = [mark.start for mark in marks]
    wholes = (mark for mark in _wholes(text) if text[mark.start : mark.end] in matching)
    marks += [whole for whole in wholes if bisect_left(starts, whole.start) == bisect_left(starts, whole.end)]
    return tuple(sorted(marks, key=lambda mark: mark.start))


def _pieces(text: str) -> Iterator[Mark]:
    return (Mark(start=match.start(), end=match.end()) for match in _PIECE.finditer(text))


def _wholes(text: str) -> Iterator[Mark]:
    for run in _RUN.finditer(text):
        pieces = list(_PIECE.finditer(text, run.start(), run.end()))
        if len(pieces) > 1 and not _DIVIDERS.isdisjoint(run.group()):
            yield Mark(start=pieces[0].start(), end=pieces[-1].end())


def _fold(word: str) -> str:
    """As the database's fold_text."""
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", word.lower())))
