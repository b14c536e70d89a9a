"""The words of a question as values: what to look for, and which of what was found to keep."""

from collections.abc import Iterable, Sequence
from itertools import islice

from shared.ids import ChunkId
from shared.search.asked import Term
from shared.values import frozen

MOST_TERMS = 32
"""So many different words of a question are looked for."""
SHORT = 3
"""A question of so many words or fewer means all of them."""


@frozen
class WordHit:
    """A chunk found by its words; whether it has all of them."""

    chunk_id: ChunkId
    has_all: bool


def terms_of(found: Iterable[tuple[str, int, str]], *, languages: Sequence[str]) -> tuple[Term, ...]:
    """The terms of a question from its words in each language: (language, place, lexeme).

    What any of the languages takes for a stop word is none: "para" is Portuguese for "for", and no rare English word.
    """
    by_place: dict[int, dict[str, str]] = {}
    for language, place, lexeme in found:
        by_place.setdefault(place, {})[language] = lexeme
    complete = (by_place[place] for place in sorted(by_place) if len(by_place[place]) == len(languages))
    distinct = dict.fromkeys(Term(lexemes=tuple(sorted(set(forms.values())))) for forms in complete)
    return tuple(islice(distinct, MOST_TERMS))


def as_tsquery(terms: Iterable[Term]) -> str:
    """A tsquery, as Postgres reads one, for what has any of the terms."""
    return " | ".join(_quoted(lexeme) for term in terms for lexeme in term.lexemes)


def keep_the_best(hits: Sequence[WordHit], *, term_count: int, limit: int) -> list[ChunkId]:
    """What a question means to find: with few words, chunks that have them all, unless those are fewer than `limit`."""
    whole = [hit.chunk_id for hit in hits if hit.has_all]
    if term_count <= SHORT and len(whole) >= limit:
        return whole
    return [hit.chunk_id for hit in hits]


def _quoted(lexeme: str) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
