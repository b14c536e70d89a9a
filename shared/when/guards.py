"""What must stand around words for them to mean a time."""

from collections.abc import Collection, Sequence

from shared.when.patterns import Guard
from shared.when.tokens import Token

_PART_OF_A_NUMBER = {".", ",", ":", "/", "-"}
_MEASURES = {"%", "°", "º", "$", "€", "£", "ª"}
_CURRENCIES = {"$", "€", "£", "#"}


def after(words: Collection[str], *, skipping: Collection[str] = ()) -> Guard:
    """One of these words stands before, or before a word that may be skipped."""

    def guard(tokens: Sequence[Token], start: int, _end: int) -> bool:
        at = start - 1
        while at >= 0 and tokens[at].word in skipping and tokens[at].word not in words:
            at -= 1
        return at >= 0 and tokens[at].word in words

    return guard


def not_after(words: Collection[str]) -> Guard:
    """None of these words stands before."""
    return lambda tokens, start, _end: start == 0 or tokens[start - 1].word not in words


def before(words: Collection[str]) -> Guard:
    """One of these words follows, or a mark, a number or nothing."""

    def guard(tokens: Sequence[Token], _start: int, end: int) -> bool:
        return end >= len(tokens) or not tokens[end].is_word or tokens[end].begins_line or tokens[end].word in words

    return guard


def not_before(words: Collection[str]) -> Guard:
    """None of these words follows."""
    return lambda tokens, _start, end: end >= len(tokens) or tokens[end].word not in words


def either(*guards: Guard) -> Guard:
    """At least one of them holds."""
    return lambda tokens, start, end: any(guard(tokens, start, end) for guard in guards)


def both(*guards: Guard) -> Guard:
    """All of them hold."""
    return lambda tokens, start, end: all(guard(tokens, start, end) for guard in guards)


def is_capital(tokens: Sequence[Token], start: int, end: int) -> bool:
    """A word of it is written with a capital: "May", not "may"."""
    return any(token.is_capital for token in tokens[start:end])


def has_word(words: Collection[str]) -> Guard:
    """One of its own words is among these."""
    return lambda tokens, start, end: any(token.word in words for token in tokens[start:end])


def no(guard: Guard) -> Guard:
    """It does not hold."""
    return lambda tokens, start, end: not guard(tokens, start, end)


def stands_alone(tokens: Sequence[Token], start: int, end: int) -> bool:
    """No piece of a longer number, a price, a percentage or a name: not the 15 of "R$ 15", "3.15", "15%" or "A-15"."""
    if tokens[start].is_number and start > 0:
        previous = tokens[start - 1]
        if previous.word in _CURRENCIES or (tokens[start].is_glued and not _is_opening(tokens, start - 1)):
            return False
    if end >= len(tokens) or not tokens[end - 1].is_number:
        return True
    if tokens[end].word in _MEASURES:
        return False
    if not tokens[end].is_glued:
        return True
    return not tokens[end].is_word and not _goes_on(tokens, end)


def _is_opening(tokens: Sequence[Token], at: int) -> bool:
    """A mark before a number that is no part of it: "(15", "- 15"."""
    token = tokens[at]
    if token.is_word or token.is_number or token.word in _PART_OF_A_NUMBER | {"_", "+"}:
        return token.word == "-" and not token.is_glued
    return True


def _goes_on(tokens: Sequence[Token], at: int) -> bool:
    follows = tokens[at + 1] if at + 1 < len(tokens) else None
    return tokens[at].word in _PART_OF_A_NUMBER and follows is not None and follows.is_glued and follows.is_number
