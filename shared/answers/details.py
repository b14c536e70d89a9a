"""What of a claim can be checked against its evidence by looking: numbers, codes, months and days of the week.

A claim may say in its own words what its quotes say, but a number or a code it may not bring along. Counting is an
exception: as many as it has quotes. What is computed ("the two together cost 90") is therefore dropped with what is
invented; the prompt asks for numbers as they stand. Measured on the evaluation's 207 answers written by people: 6 % are
dropped beside the passages that prove them (most say a number of another sentence), and of answers to other questions
with a number in them 96 %.
"""

import re
from collections.abc import Sequence
from datetime import date

from shared.answers.folded_text import fold
from shared.answers.spoken_numbers import spoken_numbers

_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_DIGITS = re.compile(r"\d+")
_CODE = re.compile(r"[^\W_]+(?:[-_./][^\W_]+)*")
_WORD = re.compile(r"[^\W\d_]+(?:-feira)?")
_WHOLE_HOUR = re.compile(r":00(?:$|(?=:))")

_MONTHS = {
    word: number
    for words in (
        "january february march april may june july august september october november december",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    )
    for number, word in enumerate(words.split(), start=1)
}
_WEEKDAYS = {
    word: number
    for words in (
        "monday tuesday wednesday thursday friday saturday sunday",
        "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
        "segunda terça quarta quinta sexta sábado domingo",
    )
    for number, word in enumerate(words.split())
}
_OFTEN_NO_DAY = frozenset(["segunda", "terça", "quarta", "quinta", "sexta"])
_OFTEN_NO_MONTH = frozenset({"may", "march"})
"""Also other words ("you may", "a second time"): believed of evidence, not asked of a claim."""


def unproved_details(claim: str, evidence: Sequence[str], *, captured_on: Sequence[date], quotes: int) -> list[str]:
    """The details of a claim that stand in none of its evidence, as the claim writes them.

    `evidence` are the sentences quoted from, `captured_on` the days their notes were captured on, which count as said;
    `quotes` is how many of the claim's quotes were found.
    """
    text, said = fold(claim).text, fold("\n".join(evidence)).text
    return [*_numbers(text, said, captured_on, quotes), *_codes(text, said), *_calendar(text, said, captured_on)]


def _numbers(claim: str, said: str, captured_on: Sequence[date], quotes: int) -> list[str]:
    wholes = {_canonical(number) for number in _NUMBER.findall(said)}
    pieces = {_piece(digits) for digits in _DIGITS.findall(said)} | {str(quotes)}
    pieces |= {str(number) for number in spoken_numbers(said)}
    pieces |= {str(part) for day in captured_on for part in (day.year, day.month, day.day)}
    pieces |= {str(number) for word, number in _MONTHS.items() if word in said}
    return [
        number
        for number in _NUMBER.findall(claim)
        if _canonical(number) not in wholes | pieces
        and not all(_piece(digits) in pieces for digits in _DIGITS.findall(_WHOLE_HOUR.sub("", number)))
    ]


def _codes(claim: str, said: str) -> list[str]:
    """Words that hold both letters and digits: "b-12" is no quantity, it must stand there as it is."""
    in_one = said.replace(" ", "")
    codes = [code for code in _CODE.findall(claim) if re.search(r"\d", code) and re.search(r"[^\W\d_]{2}", code)]
    return [code for code in codes if code not in in_one]


def _calendar(claim: str, said: str, captured_on: Sequence[date]) -> list[str]:
    words, there = _WORD.findall(claim), set(_WORD.findall(said))
    months = {_MONTHS[word] for word in there if word in _MONTHS} | {day.month for day in captured_on}
    months |= {int(part) for number in _NUMBER.findall(said) for part in _DIGITS.findall(number)[1:]}  # 12/04
    days = {_WEEKDAYS[word] for word in there if word in _WEEKDAYS} | {day.weekday() for day in captured_on}
    wrong_months = [w for w in words if w not in _OFTEN_NO_MONTH and w in _MONTHS and _MONTHS[w] not in months]
    wrong_days = [w for w in words if w not in _OFTEN_NO_DAY and w in _WEEKDAYS and _WEEKDAYS[w] not in days]
    return [*wrong_months, *wrong_days]


def _canonical(number: str) -> str:
    """1,250.50 and 1.250,50 are the same; 9:00 is 9."""
    return _piece(re.sub(r"[.,:/]", "", _WHOLE_HOUR.sub("", number)))


def _piece(digits: str) -> str:
    return digits.lstrip("0") or "0"
