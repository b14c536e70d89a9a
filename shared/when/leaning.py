"""Which way the verbs around a time lean: to the past or to the future."""

from collections.abc import Sequence

from shared.when import english_words, portuguese_words
from shared.when.days import Days, Lean, Weekday
from shared.when.said import Said
from shared.when.scanning import Found
from shared.when.times_of_day import Meal
from shared.when.tokens import Token

_REACH = 12
"""How many words away a verb may be: further off it speaks of something else."""

_SINCE = {"since", "desde"}
_BY = {"by", "until", "till", "até"}
_FOR = {"for", "para", "pra"}
_PAST = english_words.PAST | portuguese_words.PAST
_FUTURE = english_words.FUTURE | portuguese_words.FUTURE
_NOT_PAST = english_words.NOT_PAST | portuguese_words.NOT_PAST
_MEALS = english_words.MEALS | portuguese_words.MEALS


def lean_around(found: Found, tokens: Sequence[Token], *, is_question: bool) -> Lean:
    """What the nearest verb of the sentence says; else "past" in a question, and "none" in a note."""
    if found.start and tokens[found.start - 1].word in _SINCE:
        return "past"
    if found.start and tokens[found.start - 1].word in _FOR and isinstance(_days(found), Weekday):
        return "future"
    if found.start and tokens[found.start - 1].word in _BY and not is_question:
        return "future"
    for distance in range(1, _REACH + 1):
        for at in (found.start - distance, found.end + distance - 1):
            lean = _lean_at(tokens, at, is_question=is_question) if _is_near(at, found, tokens) else "none"
            if lean != "none":
                return lean
    return "past" if is_question else "none"


def _days(found: Found) -> Days | None:
    return found.said.days if isinstance(found.said, Said) else None


def meal_around(found: Found, tokens: Sequence[Token]) -> Meal | None:
    """The meal the sentence speaks of, or what people do at such an hour."""
    near = range(max(0, found.start - _REACH), min(len(tokens), found.end + _REACH))
    return next(
        (_MEALS[tokens[at].word] for at in near if tokens[at].word in _MEALS and _is_near(at, found, tokens)), None
    )


def _is_near(at: int, found: Found, tokens: Sequence[Token]) -> bool:
    if not 0 <= at < len(tokens):
        return False
    between = range(at + 1, found.start) if at < found.start else range(found.end, at)
    return not any(tokens[index].word in {".", "!", "?", ";"} for index in between)


def _lean_at(tokens: Sequence[Token], at: int, *, is_question: bool) -> Lean:
    word = tokens[at].word
    if is_question and any(_phrase(tokens, at, length) in english_words.FUTURE_IN_QUESTIONS for length in (2, 3)):
        return "future"
    if word in _FUTURE or portuguese_words.FUTURE_ENDING.fullmatch(word):
        return "future"
    return "past" if _is_past(word) else "none"


def _phrase(tokens: Sequence[Token], at: int, length: int) -> str:
    return " ".join(token.word for token in tokens[at : at + length])


def _is_past(word: str) -> bool:
    if word in _PAST:
        return True
    if word in _NOT_PAST:
        return False
    return bool(english_words.PAST_ENDING.fullmatch(word) or portuguese_words.PAST_ENDING.fullmatch(word))
