"""Finds what a person noted by what it means and by the words it is in."""

from collections.abc import Sequence

from shared.ai.capabilities import Embedded, Vector
from shared.ai.embedders import Embedders
from shared.ai.embedding_models import cosine_of
from shared.ai.vendor_errors import usage_of_failure
from shared.db.connection import Database, Transaction
from shared.errors import VendorDown, VendorRefused
from shared.ids import ChunkId, UserId
from shared.search import candidate_repository, word_repository
from shared.search.asked import MOST_RESULTS, Answer, Asked, Near, Ranked
from shared.search.embedder_of import embedder_of
from shared.search.list_newest import list_newest
from shared.search.note_query import note_query
from shared.search.plan_search import Plan, plan_search
from shared.search.ranking import fuse
from shared.search.scope_repository import EVERYTHING, plan_each_time, plan_once
from shared.search.show_results import show_results
from shared.search.words import keep_the_best
from shared.telemetry import log

_CANDIDATES = 100
"""Each leg brings so many to the fusion."""

_LEAST_SHARE = 0.3
"""Beside meaning, a chunk is found by its words when it has this share of what all its words tell (ADR 0026)."""


def hybrid_search(db: Database, embedders: Embedders, user_id: UserId, asked: Asked) -> Answer:
    """A page of the user's chunks that answer, best first: near in meaning, or in the question's words, or both.

    A time in the question narrows the search; where it finds nothing, it is not widened. A time alone is answered by
    what is of it, newest first.
    When the question cannot be embedded, or nobody here serves the user's model, words alone are looked for, and the
    answer is degraded. Where there is nothing to find, nothing is asked of the embedder.
    """
    plan = plan_search(db, user_id, asked)
    if plan is None or plan.scope.is_nothing:
        return Answer(results=(), total=0, is_degraded=False, period=None if plan is None else plan.period)
    if plan.is_only_a_time:
        with db.transaction(user_id) as tx:
            return list_newest(tx, user_id, asked, plan)
    embedded = _embedded(db, embedders, user_id, plan)
    answer = _looked_for(db, user_id, asked, plan, None if embedded is None else embedded.vectors[0])
    if embedded is not None:
        note_query(db, user_id, embedded.usage)
    return answer


def _embedded(db: Database, embedders: Embedders, user_id: UserId, plan: Plan) -> Embedded | None:
    """The question's vector and what it cost; None where words alone must do."""
    try:
        return embedder_of(embedders, plan.space).embed([plan.text])
    except (VendorDown, VendorRefused) as error:
        log.warning("a query could not be embedded", extra={"error": type(error).__name__})
        note_query(db, user_id, usage_of_failure(error))
        return None


def _looked_for(db: Database, user_id: UserId, asked: Asked, plan: Plan, vector: "Vector | None") -> Answer:
    if plan.is_simple:  # then each statement confines itself
        return db.ask(lambda tx: _answer(tx, user_id, asked, plan, vector))
    with db.transaction(user_id) as tx:
        (plan_once if plan.scope is EVERYTHING else plan_each_time)(tx)
        return _answer(tx, user_id, asked, plan, vector)


def _answer(tx: Transaction, user_id: UserId, asked: Asked, plan: Plan, vector: "Vector | None") -> Answer:
    meant = None if "meaning" not in asked.legs else vector
    meaning = [] if meant is None else _by_meaning(tx, user_id, asked, plan, meant)
    words = [] if "words" not in asked.legs else _by_words(tx, user_id, asked, plan, is_alone=meant is None)
    ranked = fuse(meaning=meaning, words=words, most=MOST_RESULTS)
    return Answer(
        results=show_results(tx, user_id, plan.space, ranked=_page(ranked, asked), terms=plan.terms, query=vector),
        total=len(ranked),
        is_degraded=vector is None,
        period=plan.period,
    )


def _by_meaning(tx: Transaction, user_id: UserId, asked: Asked, plan: Plan, vector: Vector) -> list[Near]:
    return candidate_repository.nearest_chunks(
        tx,
        user_id,
        plan.space,
        query=vector,
        scope=plan.scope,
        limit=_CANDIDATES,
        threshold=cosine_of(asked.threshold, model=plan.space.model),
        page=asked.limit,
    )


def _by_words(tx: Transaction, user_id: UserId, asked: Asked, plan: Plan, *, is_alone: bool) -> list[ChunkId]:
    hits = word_repository.find_words(
        tx,
        user_id,
        plan.space,
        terms=plan.terms,
        scope=plan.scope,
        limit=_CANDIDATES,
        least_share=0 if is_alone else _LEAST_SHARE,
    )
    return keep_the_best(hits, term_count=len(plan.terms), limit=asked.limit)


def _page(ranked: Sequence[Ranked], asked: Asked) -> Sequence[Ranked]:
    return ranked[asked.skip : asked.skip + asked.limit]
