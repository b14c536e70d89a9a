"""Cuts a text into words, numbers and marks, each with its place in the text."""

import re
import unicodedata
from typing import NamedTuple

_TOKEN = re.compile(
    r"\d+|[^\W\d_][^\W\d_\u0300-\u036f]*+(?:[\u0300-\u036f]++[^\W\d_]*+)*+(?:['’][^\W\d_]++)?+|[^\w\s]|_"
)
_MAX_DIGITS = 4


class Token(NamedTuple):
    """One word, number or mark: `text[start:end]`.

    `word` is it in lower case, composed; `number` its value if it is a number of at most four digits; `is_glued`:
    nothing stands between it and the token before; `begins_line`: a line begins with it.
    """

    word: str
    start: int
    end: int
    number: int | None
    is_number: bool
    is_capital: bool
    is_glued: bool
    begins_line: bool

    @property
    def is_word(self) -> bool:
        """Whether it is made of letters."""
        return self.word[0].isalpha()


def tokenize(text: str) -> list[Token]:
    """All tokens of a text, in order; white space and control characters are none."""
    tokens: list[Token] = []
    before = 0
    for match in _TOKEN.finditer(text):
        tokens.append(_token(text, match, before))
        before = match.end()
    return tokens


def words_of(phrase: str) -> tuple[str, ...]:
    """A phrase of a grammar, as tokens will spell it: a grammar has a thousand, and is made at Init."""
    if phrase.isascii() and phrase.replace(" ", "").isalpha():  # as most are
        return tuple(phrase.lower().split())
    return tuple(_word(raw) for raw in _TOKEN.findall(phrase))


def without_accents(word: str) -> str:
    """As somebody types who has no accents at hand: "amanha"."""
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _word(raw: str) -> str:
    composed = raw if raw.isascii() else unicodedata.normalize("NFC", raw)
    return composed.lower().replace("’", "'")


def _token(text: str, match: re.Match[str], before: int) -> Token:
    raw = match.group()
    is_number = raw[0].isdecimal()
    return Token(
        word=_word(raw),
        start=match.start(),
        end=match.end(),
        number=int(raw) if is_number and len(raw) <= _MAX_DIGITS else None,
        is_number=is_number,
        is_capital=raw[0].isupper(),
        is_glued=match.start() == before and before > 0,
        begins_line="\n" in text[before : match.start()],
    )
