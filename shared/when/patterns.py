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
from functools import cache
from typing import Any, NamedTuple

from shared.values import frozen
from shared.when.tokens import Token, without_accents, words_of

Captures = Mapping[str, Any]
Guard = Callable[[Sequence[Token], int, int], bool]
"""Whether the tokens around a match, from one index to another, let it mean what it says."""

NUMBER = "#"
"""What stands for any number, where words are looked up by what they begin with."""
END = ""
"""What stands there for nothing."""

_KEEPS_ITS_ACCENT = {"às", "à", "março", "mês", "já"}
"""Words that are others without their accent: "as", "a", "marco"."""


@frozen
class Rule:
    """A pattern, what to make of what it captured (None: it does not hold after all), and what must stand around."""

    pattern: str
    build: Callable[[Captures], Any]
    guards: tuple[Guard, ...] = ()


Part = Mapping[str, Any] | Sequence[Rule]
"""A table of phrases and their values, or rules."""


class _Element(NamedTuple):
    """A tuple, for five hundred are made at Init."""

    phrases: Mapping[tuple[str, ...], Any]
    slot: str
    name: str
    is_optional: bool
    is_glued: bool
    longest: int = 0


class _Compiled(NamedTuple):
    elements: tuple[_Element, ...]
    rule: Rule


@frozen
class Match:
    """What a rule made of `tokens[start:end]`."""

    start: int
    end: int
    value: Any


_Ends = Sequence[tuple[int, Any]]
"""Where something may end that begins at a token, and its value."""


class Grammar:
    """The parts of one language, compiled; the rules of the part `top` are what is looked for in a text."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self.tables = {name: _spelled(part) for name, part in parts.items() if isinstance(part, Mapping)}
        self.rules = {
            name: [_Compiled(elements=_elements(rule.pattern), rule=rule) for rule in part]
            for name, part in parts.items()
            if not isinstance(part, Mapping)
        }
        self._starting: dict[str, list[tuple[frozenset[str], _Compiled]]] = {}
        for compiled in self.rules["top"]:
            second = frozenset(self._second_words(compiled.elements))
            for word in self._first_words(compiled.elements):
                self._starting.setdefault(word, []).append((second, compiled))

    def starting(self, tokens: Sequence[Token], at: int) -> Iterator[_Compiled]:
        """The rules that the token there and the one after it may begin."""
        follows = _key(tokens[at + 1]) if at + 1 < len(tokens) else END
        for second, compiled in self._starting.get(_key(tokens[at]), ()):
            if END in second or follows in second:
                yield compiled

    def _first_words(self, elements: Sequence[_Element]) -> set[str]:
        """What a match of these may begin with; END if it may be empty."""
        words: set[str] = set()
        for element in elements:
            words |= self._first_words_of(element)
            if not element.is_optional:
                return words
        return words | {END}

    def _first_words_of(self, element: _Element) -> set[str]:
        if element.slot == "int":
            return {NUMBER}
        if element.slot in self.rules:
            return set[str]().union(*(self._first_words(one.elements) for one in self.rules[element.slot]))
        return {phrase[0] for phrase in self._phrases(element)}

    def _second_words(self, elements: Sequence[_Element]) -> set[str]:
        """What may stand second in a match of these; END if it may be one token long."""
        if not elements:
            return set()
        element, rest = elements[0], elements[1:]
        words = self._second_words(rest) if element.is_optional else set[str]()
        if element.slot in self.rules:
            return words.union(*(self._second_words((*one.elements, *rest)) for one in self.rules[element.slot]))
        phrases = [(NUMBER,)] if element.slot == "int" else list(self._phrases(element))
        words |= {phrase[1] for phrase in phrases if len(phrase) > 1}
        return words | self._first_words(rest) if any(len(phrase) == 1 for phrase in phrases) else words

    def _phrases(self, element: _Element) -> Mapping[tuple[str, ...], Any]:
        return self.tables[element.slot] if element.slot else element.phrases


class Matcher:
    """Reads one row of tokens by a grammar; what a part of the grammar makes of a place is found out once."""

    def __init__(self, grammar: Grammar, tokens: Sequence[Token]) -> None:
        self._grammar = grammar
        self._tokens = tokens
        self._known: dict[tuple[str, int], _Ends] = {}

    def longest_at(self, at: int) -> Match | None:
        """The longest match that begins with this token; the first rule's of several."""
        found: Match | None = None
        for compiled in self._grammar.starting(self._tokens, at):
            for end, value in self._of_rule(compiled, at):
                if found is None or end > found.end:
                    found = Match(start=at, end=end, value=value)
        return found

    def _of_rule(self, compiled: _Compiled, at: int) -> Iterator[tuple[int, Any]]:
        for end, captures in self._walk(compiled.elements, 0, at, {}):
            if end > at and all(guard(self._tokens, at, end) for guard in compiled.rule.guards):
                value = compiled.rule.build(captures)
                if value is not None:
                    yield end, value

    def _walk(
        self, elements: Sequence[_Element], position: int, at: int, captures: Captures
    ) -> Iterator[tuple[int, Captures]]:
        if position == len(elements):
            yield at, captures
            return
        element = elements[position]
        for end, value in self._of_element(element, at):
            known = {**captures, element.name: value} if element.name else captures
            yield from self._walk(elements, position + 1, end, known)
        if element.is_optional:
            yield from self._walk(elements, position + 1, at, captures)

    def _of_element(self, element: _Element, at: int) -> _Ends:
        if at >= len(self._tokens) or (element.is_glued and not self._tokens[at].is_glued):
            return ()
        if not element.slot:
            return _of_table(element.phrases, element.longest, self._tokens, at)
        place = (element.slot, at)
        if place not in self._known:
            self._known[place] = self._of_slot(element.slot, at)
        return self._known[place]

    def _of_slot(self, slot: str, at: int) -> _Ends:
        if slot == "int":
            number = self._tokens[at].number
            return () if number is None else ((at + 1, number),)
        if slot in self._grammar.rules:
            return [end for compiled in self._grammar.rules[slot] for end in self._of_rule(compiled, at)]
        table = self._grammar.tables[slot]
        return _of_table(table, _longest(table), self._tokens, at)


def _key(token: Token) -> str:
    return NUMBER if token.is_number else token.word


def _of_table(phrases: Mapping[tuple[str, ...], Any], longest: int, tokens: Sequence[Token], at: int) -> _Ends:
    if longest == 1:
        alone = (tokens[at].word,)
        return ((at + 1, phrases[alone]),) if alone in phrases else ()
    words = tuple(token.word for token in tokens[at : at + longest])
    tried = (words[:length] for length in range(len(words), 0, -1))
    return [(at + len(phrase), phrases[phrase]) for phrase in tried if phrase in phrases]


def _longest(phrases: Mapping[tuple[str, ...], Any]) -> int:
    return max(map(len, phrases), default=0)


def _spelled(table: Mapping[str, Any]) -> dict[tuple[str, ...], Any]:
    """The phrases of a table as tokens, with and without their accents."""
    spelled: dict[tuple[str, ...], Any] = {}
    for phrase, value in table.items():
        words = words_of(phrase.replace("_", " "))
        spelled[words] = value
        if not phrase.isascii():
            bare = (word if word in _KEEPS_ITS_ACCENT else without_accents(word) for word in words)
            spelled.setdefault(tuple(bare), value)
    return spelled


def _elements(pattern: str) -> tuple[_Element, ...]:
    return tuple(_element(written) for written in pattern.split())


@cache
def _element(written: str) -> _Element:
    is_glued, is_optional = written.startswith("~"), written.endswith("?")
    core = written.removeprefix("~").removesuffix("?")
    if core.startswith("<"):
        slot, _, name = core.strip("<>").partition(":")
        return _Element(phrases={}, slot=slot, name=name or slot, is_optional=is_optional, is_glued=is_glued)
    phrases = _spelled(dict.fromkeys(core.split("|")))
    return _Element(
        phrases=phrases, slot="", name="", is_optional=is_optional, is_glued=is_glued, longest=_longest(phrases)
    )
