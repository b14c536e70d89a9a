"""Searching by sign bits first loses next to nothing against comparing with every vector."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import psycopg
import pytest

from dev.postgres import Postgres
from shared.db.connection import Database
from shared.ids import UserId
from shared.search import vector_repository
from shared.search.model import Hit
from tests.fixtures.searchable import Matrix, World, add_user, as_vector, load, space_of

_QUESTIONS = 40
_RECALL = 0.99


@dataclass(frozen=True, kw_only=True)
class Tenant:
    """A user, everything they own, and what they ask."""

    user_id: UserId
    passages: Matrix
    questions: Matrix


@dataclass(frozen=True, kw_only=True)
class Town:
    """Tenants of all sizes in one database."""

    db: Database
    tenants: dict[tuple[int, int], Tenant]


# By how many vectors they own, and how many of the 1,536 numbers the model fills.
_SIZES = [(1, 1536), (10, 1536), (1_000, 1536), (1_000, 384), (700, 384), (20_000, 384)]


@pytest.fixture(scope="module")
def town(postgres: Postgres) -> Iterator[Town]:
    postgres.create_database("recall", template="template_of_tests")
    with psycopg.connect(postgres.url("recall"), autocommit=True) as owner:
        tenants = {size: _settle(owner, *size) for size in _SIZES}
        owner.execute("VACUUM ANALYZE")
    db = Database(postgres.url("recall", role="second_brain_app"))
    yield Town(db=db, tenants=tenants)
    db.close()
    postgres.drop_database("recall")


def _settle(owner: psycopg.Connection, count: int, numbers: int) -> Tenant:
    world = World.of(seed=count + numbers, numbers=numbers)
    passages = world.passages(count)
    tenant = Tenant(user_id=add_user(owner), passages=passages, questions=world.questions(passages, _QUESTIONS))
    load(owner, tenant.user_id, passages)
    return tenant


def _ask(town: Town, tenant: Tenant, question: Matrix, *, limit: int = 10, threshold: float = 0) -> list[Hit]:
    with town.db.transaction(tenant.user_id) as tx:
        return vector_repository.nearest(
            tx,
            tenant.user_id,
            space_of(tx, tenant.user_id),
            query=as_vector(question),
            limit=limit,
            threshold=threshold,
        )


@pytest.mark.parametrize("size", _SIZES, ids=str)
def test_the_ten_nearest_of_all_are_found(town: Town, size: tuple[int, int]) -> None:
    tenant = town.tenants[size]
    found = wanted = 0
    for question in tenant.questions:
        exact = set(np.argsort(-(tenant.passages @ question))[:10].tolist())
        found += len(exact & {int(hit.text) for hit in _ask(town, tenant, question)})
        wanted += len(exact)
    assert found / wanted >= _RECALL


@pytest.mark.parametrize("size", _SIZES, ids=str)
@pytest.mark.parametrize("limit", [1, 10, 50])
def test_never_fewer_come_back_than_there_are(town: Town, size: tuple[int, int], limit: int) -> None:
    tenant = town.tenants[size]
    away_from_everything = -tenant.passages.mean(axis=0)
    for question in (*tenant.questions[:5], away_from_everything / np.linalg.norm(away_from_everything)):
        assert len(_ask(town, tenant, question, limit=limit)) == min(limit, size[0])


@pytest.mark.parametrize("size", _SIZES, ids=str)
def test_similarities_are_true_and_in_order(town: Town, size: tuple[int, int]) -> None:
    tenant = town.tenants[size]
    for question in tenant.questions[:10]:
        hits = _ask(town, tenant, question)
        cosines = np.clip(tenant.passages @ question, 0, 1)
        assert [hit.similarity for hit in hits] == sorted((hit.similarity for hit in hits), reverse=True)
        assert all(abs(hit.similarity - cosines[int(hit.text)]) < 2e-3 for hit in hits)


def test_nothing_below_the_threshold_comes_back(town: Town) -> None:
    tenant = town.tenants[1_000, 1536]
    question = tenant.questions[0]
    similarities = [hit.similarity for hit in _ask(town, tenant, question)]
    threshold = (similarities[3] + similarities[4]) / 2
    assert [hit.similarity for hit in _ask(town, tenant, question, threshold=threshold)] == similarities[:4]
    assert _ask(town, tenant, question, threshold=1) == []
