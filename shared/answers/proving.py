"""Of what a model claims, what the notes prove: every quote is looked up, and a claim without one is dropped.

It says nothing of whether a claim follows from its quotes; what can be seen without understanding is seen
(shared/answers/details.py), and the quote is shown beside it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from shared.ai.capabilities import Claim, SaidQuote
from shared.answers.citing import cite
from shared.answers.details import unproved_details
from shared.answers.inert_text import addresses, inert, live_spans
from shared.answers.model import ProvedClaim, Source, Span
from shared.answers.quoting import LEAST_COLUMNS, columns, find_quote
from shared.answers.sentences import around
from shared.values import frozen

MAX_CLAIM_CHARS = 1_000
_LEAST_WORDS = 3
"""A bare word is no sentence, and what notes order models to say is a bare word most of the time."""


@frozen
class FoundQuote:
    """A quote where it stands."""

    source: Source
    span: Span


def prove(claims: Sequence[Claim], sources: Sequence[Source]) -> tuple[ProvedClaim, ...]:
    """The claims that are left, in their order, each with its citations; equal ones once."""
    by_number = {source.number: source for source in sources}
    proved = (_proved(claim, by_number) for claim in claims)
    kept: dict[str, ProvedClaim] = {}
    for claim in proved:
        if claim is not None:
            kept.setdefault(claim.text.casefold(), claim)
    return tuple(kept.values())


def _proved(claim: Claim, sources: Mapping[int, Source]) -> ProvedClaim | None:
    found = list(_found(claim.quotes, sources))
    if not found:
        return None
    evidence = [around(quote.source.text, quote.span) for quote in found]
    text = inert(claim.text, known_addresses=_addresses(evidence), max_chars=MAX_CLAIM_CHARS)
    if _is_no_sentence(text):
        return None
    captured_on = [quote.source.captured_on for quote in found]
    if unproved_details(text, evidence, captured_on=captured_on, quotes=len(found)):
        return None
    return ProvedClaim(text=text, citations=tuple(cite(quote.source, quote.span) for quote in found))


def _found(quotes: Iterable[SaidQuote], sources: Mapping[int, Source]) -> Iterator[FoundQuote]:
    for quote in quotes:
        source = sources.get(quote.passage)
        span = None if source is None else find_quote(quote.text, source.text)
        if source is None or span is None or any(span.overlaps(order) for order in source.orders):
            continue
        shown = _without_live_parts(source.text, span)
        if shown is not None:
            yield FoundQuote(source=source, span=shown)


def _without_live_parts(text: str, span: Span) -> Span | None:
    """The longest stretch of a quote that holds no link; None when that is too short to prove anything."""
    live = [each for each in live_spans(text) if each.overlaps(span)]
    if not live:
        return span
    longest = max(_between(text, span, live), key=lambda each: each.end - each.start)
    return longest if columns(text[longest.start : longest.end]) >= LEAST_COLUMNS else None


def _between(text: str, span: Span, live: Iterable[Span]) -> Iterator[Span]:
    """The stretches of a span before, between and after what is live, without white space around them."""
    start = span.start
    for each in sorted(live, key=lambda each: each.start):
        yield _trimmed(text, start, each.start)
        start = max(start, each.end)
    yield _trimmed(text, start, span.end)


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start : max(start, end)]
    begin = start + len(piece) - len(piece.lstrip())
    return Span(start=begin, end=max(begin, start + len(piece.rstrip())))


def _is_no_sentence(text: str) -> bool:
    """Scripts without spaces have as many words as they need columns for."""
    words = [word for word in text.split() if any(character.isalnum() for character in word)]
    return len(words) < _LEAST_WORDS and columns(text) < len(text) + LEAST_COLUMNS // 2


def _addresses(evidence: Iterable[str]) -> frozenset[str]:
    return frozenset(address for text in evidence for address in addresses(text))
