"""Gives ranked chunks what they are shown with: text, place, moment, and the words that match."""

from collections.abc import Sequence

from shared.ai.capabilities import Vector
from shared.ai.embedding_models import similarity_of
from shared.db.connection import Transaction
from shared.ids import UserId
from shared.search import passage_repository as repository
from shared.search.asked import Ranked, Result, Term
from shared.search.highlighting import mark_words, words_to_check
from shared.search.model import Space


def show_results(
    tx: Transaction,
    user_id: UserId,
    space: Space,
    *,
    ranked: Sequence[Ranked],
    terms: Sequence[Term],
    query: "Vector | None",
) -> list[Result]:
    """These chunks as results, in their order. What was deleted since they were ranked is left out."""
    if not ranked:
        return []
    passages = repository.find_passages(tx, user_id, space, chunk_ids=[one.chunk_id for one in ranked], query=query)
    said = [passages[one.chunk_id].text for one in ranked if "words" in one.matched_by and one.chunk_id in passages]
    matching = _matching(tx, space, said, terms)
    return [
        Result(
            passage=passage,
            score=one.score,
            similarity=None if one.cosine is None else similarity_of(one.cosine, model=space.model),
            matched_by=one.matched_by,
            highlights=mark_words(passage.text, matching),
            provider=space.provider,
        )
        for one in ranked
        if (passage := passages.get(one.chunk_id)) is not None
    ]


def _matching(tx: Transaction, space: Space, texts: Sequence[str], terms: Sequence[Term]) -> frozenset[str]:
    words = words_to_check(texts, terms, languages=space.languages) if terms else []
    if not words:
        return frozenset()
    return repository.matching_words(tx, words=words, terms=terms, languages=space.languages)
