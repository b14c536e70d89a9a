"""A small language for rules over tokens, and the matcher of it.

A pattern is a row of elements with spaces between them:

    next|coming        one of these words; `_` joins the words of a phrase: `que_vem`
    <weekday>          a part of the grammar: a table of phrases, or rules of its own; its value goes to the builder
    <hour:last>        the same, under another name
    the?               an element that may be missing
    ~:  ~<minute>      an element with nothing between it and the token before

Patterns are short and read at a few places of a text only, so that reading costs time in proportion to its length.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.when.tokens import Token, words_of, without_accents

Captures = Mapping[str, Any]
Guard = Callable[[Sequence[Token], int, int], bool]
"""Whether the tokens around a match, from one index to another, let it mean what it says."""

NUMBER = "#"
"""What stands for any number, where words are looked up by what they begin with."""

_KEEPS_ITS_ACCENT = {"às", "à", "março", "mês", "já"}
"""Words that are others without their accent: "as", "a", "marco"."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A pattern, what to make of what it captured (None: it does not hold after all), and what must stand around."""

    pattern: str
    build: Callable[[Captures], Any]
    guards: tuple[Guard, ...] = ()


Part = Mapping[str, Any] | Sequence[Rule]
"""A table of phrases and their values, or rules."""


@dataclass(frozen=True)
class _Element:
    phrases: Mapping[tuple[str, ...], Any]
    slot: str
    name: str
    is_optional: bool
    is_glued: bool


@dataclass(frozen=True)
class _Compiled:
    elements: tuple[_Element, ...]
    rule: Rule


@dataclass(frozen=True, kw_only=True)
class Match:
    """What a rule made of `tokens[start:end]`."""

    start: int
    end: int
    value: Any


class Grammar:
    """The parts of one language, compiled; the rules of the part `top` are what is looked for in a text."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self._tables = {name: _spelled(part) for name, part in parts.items() if isinstance(part, Mapping)}
        self._rules = {
            name: [_Compiled(elements=_elements(rule.pattern), rule=rule) for rule in part]
            for name, part in parts.items()
            if not isinstance(part, Mapping)
        }
        self._starting: dict[str, list[_Compiled]] = {}
        for compiled in self._rules["top"]:
            for word in self._first_words(compiled):
                self._starting.setdefault(word, []).append(compiled)

    def longest_at(self, tokens: Sequence[Token], at: int) -> Match | None:
        """The longest match that begins with this token; the first rule's of several."""
        token = tokens[at]
        found: Match | None = None
        for compiled in self._starting.get(NUMBER if token.is_number else token.word, ()):
            for end, value in self._of_rule(compiled, tokens, at):
                if found is None or end > found.end:
                    found = Match(start=at, end=end, value=value)
        return found

    def _of_rule(self, compiled: _Compiled, tokens: Sequence[Token], at: int) -> Iterator[tuple[int, Any]]:
        for end, captures in self._walk(compiled.elements, tokens, at, {}):
            if end > at and all(guard(tokens, at, end) for guard in compiled.rule.guards):
                value = compiled.rule.build(captures)
                if value is not None:
                    yield end, value

    def _walk(
        self, elements: tuple[_Element, ...], tokens: Sequence[Token], at: int, captures: Captures
    ) -> Iterator[tuple[int, Captures]]:
        if not elements:
            yield at, captures
            return
        element, rest = elements[0], elements[1:]
        for end, value in self._of_element(element, tokens, at):
            yield from self._walk(rest, tokens, end, {**captures, element.name: value} if element.name else captures)
        if element.is_optional:
            yield from self._walk(rest, tokens, at, captures)

    def _of_element(self, element: _Element, tokens: Sequence[Token], at: int) -> Iterator[tuple[int, Any]]:
        if at >= len(tokens) or (element.is_glued and not tokens[at].is_glued):
            return
        if element.slot == "int":
            if tokens[at].number is not None:
                yield at + 1, tokens[at].number
        elif element.slot in self._rules:
            for compiled in self._rules[element.slot]:
                yield from self._of_rule(compiled, tokens, at)
        else:
            yield from _of_table(self._tables[element.slot] if element.slot else element.phrases, tokens, at)

    def _first_words(self, compiled: _Compiled) -> set[str]:
        words: set[str] = set()
        for element in compiled.elements:
            words |= self._first_words_of(element)
            if not element.is_optional:
                break
        return words

    def _first_words_of(self, element: _Element) -> set[str]:
        if element.slot == "int":
            return {NUMBER}
        if element.slot in self._rules:
            return set[str]().union(*(self._first_words(compiled) for compiled in self._rules[element.slot]))
        phrases = self._tables[element.slot] if element.slot else element.phrases
        return {phrase[0] for phrase in phrases}


def _of_table(phrases: Mapping[tuple[str, ...], Any], tokens: Sequence[Token], at: int) -> Iterator[tuple[int, Any]]:
    longest = min(max(map(len, phrases)), len(tokens) - at)
    for length in range(longest, 0, -1):
        words = tuple(token.word for token in tokens[at : at + length])
        if words in phrases:
            yield at + length, phrases[words]


def _spelled(table: Mapping[str, Any]) -> dict[tuple[str, ...], Any]:
    """The phrases of a table as tokens, with and without their accents."""
    spelled: dict[tuple[str, ...], Any] = {}
    for phrase, value in table.items():
        words = words_of(phrase.replace("_", " "))
        spelled[words] = value
        spelled.setdefault(tuple(word if word in _KEEPS_ITS_ACCENT else without_accents(word) for word in words), value)
    return spelled


def _elements(pattern: str) -> tuple[_Element, ...]:
    return tuple(_element(written) for written in pattern.split())


def _element(written: str) -> _Element:
    is_glued, is_optional = written.startswith("~"), written.endswith("?")
    core = written.removeprefix("~").removesuffix("?")
    if core.startswith("<"):
        slot, _, name = core.strip("<>").partition(":")
        return _Element(phrases={}, slot=slot, name=name or slot, is_optional=is_optional, is_glued=is_glued)
    phrases = _spelled(dict.fromkeys(core.split("|")))
    return _Element(phrases=phrases, slot="", name="", is_optional=is_optional, is_glued=is_glued)
