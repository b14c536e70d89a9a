"""Numbers as they are spoken, in English and Portuguese: recordings say "cento e oitenta" where an answer says 180.

Every number that a run of such words may mean is told, and every part of it: "two thirty" is 2, 30 and 230. It is asked
whether a number was said, not which one was meant.
"""

import re
from collections.abc import Iterator, Sequence


def _count(words: str, start: int = 0, step: int = 1) -> dict[str, int]:
    return {word: start + step * place for place, word in enumerate(words.split())}


_ADDED = {
    **_count("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"),
    **_count("seventeen eighteen nineteen", 17),
    **_count("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10),
    **_count("zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis"),
    **_count("dezessete dezoito dezenove", 17),
    **_count("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa", 20, 10),
    **_count("cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos", 100, 100),
    **_count("cem duzentas trezentas quatrocentas quinhentas seiscentas setecentas oitocentas novecentas", 100, 100),
    **_count("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth", 1),
    **_count("thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth", 13),
    **_count("twenties thirties forties fifties sixties seventies eighties nineties", 20, 10),
    "dezasseis": 16,
    "dezassete": 17,
    "dezanove": 19,
    **_count("primeiro segundo terceiro quarto quinto sexto sétimo oitavo nono décimo", 1),
    **_count("primeira segunda terceira quarta quinta sexta sétima oitava nona décima", 1),
    "uma": 1,
    "duas": 2,
    "quatorze": 14,
    "twentieth": 20,
    "thirtieth": 30,
    "half": 30,
    "quarter": 15,
    "meia": 30,
    "noon": 12,
    "midday": 12,
    "midnight": 0,
    "meio-dia": 12,
    "meia-noite": 0,
    "dúzia": 12,
    "dozen": 12,
}
_HUNDRED = 100
_MULTIPLIED = {"hundred": _HUNDRED, "thousand": 1_000, "mil": 1_000, "million": 1_000_000, "milhão": 1_000_000}
_JOINERS = frozenset({"and", "e", "a"})
_WORD = re.compile(r"meia-noite|meio-dia|[^\W\d_]+")
_MOST_WORDS = 12
"""Of one number; longer runs are lists."""


def spoken_numbers(text: str) -> set[int]:
    """Every number that is, or may be, said in words in a folded text."""
    numbers: set[int] = set()
    for run in _runs(text):
        for start in range(len(run)):
            for end in range(start + 1, min(len(run), start + _MOST_WORDS) + 1):
                numbers |= _values(run[start:end])
    return numbers


def _runs(text: str) -> Iterator[list[str]]:
    """Number words that follow each other, joiners between them left out."""
    run: list[str] = []
    for word in _WORD.findall(text):
        if word in _ADDED or word in _MULTIPLIED:
            run.append(word)
        elif word not in _JOINERS and run:
            yield run
            run = []
    if run:
        yield run


def _values(words: Sequence[str]) -> set[int]:
    """Their sum as numbers are said, and two of them written one after the other, as years and times are."""
    total = current = 0
    for word in words:
        if word in _ADDED:
            current += _ADDED[word]
        elif _MULTIPLIED[word] == _HUNDRED:
            current = max(1, current) * _HUNDRED
        else:
            total, current = total + max(1, current) * _MULTIPLIED[word], 0
    values = {total + current}
    plain = [_ADDED[word] for word in words if word in _ADDED]
    if len(plain) == len(words) and len(plain) in (2, 3):
        values |= {int(f"{plain[0]}{sum(plain[1:])}"), int(f"{sum(plain[:-1])}{plain[-1]}")}
    return values
