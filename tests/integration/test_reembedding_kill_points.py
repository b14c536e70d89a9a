"""The job that moves users dies after any statement: the next run goes on, and buys one call again at most."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import pytest

from dev.postgres import Postgres
from shared.ai.capabilities import Embedded
from shared.ai.embedders import Embedders
from shared.db.connection import Database
from shared.ids import UserId
from shared.reembedding import clear_moved as clearing
from shared.reembedding import read_portion
from shared.reembedding.clear_moved import clear_moved
from shared.reembedding.reembed_users import reembed_users
from tests.fixtures.captured import Backend
from tests.fixtures.kill_points import Mortal, Work, deaths, mortal
from tests.fixtures.moving import NEW, OLD, PLENTY, Moving, SpaceOfItsOwn

NOTES = ("Oat milk.", "The boiler is loud.", "Ana's birthday is in May.")
TEXTS_IN_A_CALL = 2
TOKENS_OF_A_TEXT = 10


class Telling(SpaceOfItsOwn):
    """Writes down what it was sent, where it outlives the process that sent it."""

    def __init__(self, model: str, told: Path) -> None:
        super().__init__(model)
        self._told = told

    def embed(self, texts: Sequence[str]) -> Embedded:
        with self._told.open("a") as file:
            file.write("".join(f"{text}\n" for text in texts))
        return super().embed(texts)


@pytest.fixture
def process(postgres: Postgres, database_name: str) -> Iterator[Mortal]:
    with mortal(postgres.url(database_name, role="second_brain_system")) as process:
        yield process


@pytest.fixture
def moving(backend: Backend, system_db: Database, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> Moving:
    monkeypatch.setattr(read_portion, "BATCH_TEXTS", TEXTS_IN_A_CALL)
    monkeypatch.setattr(clearing, "CHUNKS_AT_ONCE", 2)
    return Moving(backend=backend, system_db=system_db, owner=owner)


def finds_all(moving: Moving, user_id: UserId) -> bool:
    return [moving.finds(user_id, text) for text in NOTES] == [[text] for text in NOTES]


def test_a_move_that_dies_anywhere_is_ended_by_the_next_run_and_buys_one_call_again_at_most(
    moving: Moving, process: Mortal, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    users: list[UserId] = []

    def on_old() -> Work:
        moving.owner.execute("DELETE FROM users")
        moving.owner.execute("DELETE FROM reembedding_days")
        users.append(moving.user_of_one_session(*NOTES))
        told.write_text("")
        embedders = Embedders(Telling(NEW, told), SpaceOfItsOwn(OLD))
        return lambda db: reembed_users(db, embedders, tokens_a_day=PLENTY)

    points: tuple[str, ...] = ()
    for life in deaths(process, on_old):
        points, user_id = life.points, users[-1]
        assert finds_all(moving, user_id), points[-1]
        sent = told.read_text().splitlines()
        moving.new.texts.clear()
        moving.run()
        assert moving.model(user_id) == NEW
        assert finds_all(moving, user_id)
        assert moving.texts(user_id) == {OLD: sorted(NOTES), NEW: sorted(NOTES)}
        assert moving.is_consistent(user_id)
        sent += moving.new.texts
        assert set(sent) == set(NOTES)
        assert len(sent) <= len(NOTES) + TEXTS_IN_A_CALL
        # What a dead process paid for and could not tell of is reserved, so the day's count is never too low.
        assert moving.tokens_today() >= TOKENS_OF_A_TEXT * len(NOTES)
        moving.clear()
        assert moving.texts(user_id) == {NEW: sorted(NOTES)}
    assert any("INSERT INTO chunk_vectors" in point for point in points)
    assert any("UPDATE search_spaces" in point for point in points)
    assert len(points) > 30


def test_a_clearing_that_dies_anywhere_is_ended_by_the_next(moving: Moving, process: Mortal) -> None:
    users: list[UserId] = []

    def moved() -> Work:
        moving.owner.execute("DELETE FROM users")
        users.append(moving.user_of_one_session(*NOTES))
        moving.run()
        moving.owner.execute("UPDATE reembeddings SET due_at = now()")
        return clear_moved

    points: tuple[str, ...] = ()
    for life in deaths(process, moved):
        points, user_id = life.points, users[-1]
        assert finds_all(moving, user_id)
        assert moving.is_consistent(user_id)
        moving.clear()
        assert moving.texts(user_id) == {NEW: sorted(NOTES)}
        assert moving.is_consistent(user_id)
        left = "SELECT (SELECT count(*) FROM reembeddings), (SELECT count(*) FROM vector_counts)"
        assert moving.owner.execute(left).fetchone() == (0, 1)
    assert sum("DELETE FROM chunks" in point for point in points) == 2


def test_a_move_killed_again_and_again_arrives(moving: Moving, process: Mortal, tmp_path: Path) -> None:
    """Each life is a few statements longer than what it takes to begin; nothing any of them finished is lost."""
    told = tmp_path / "told"
    told.write_text("")
    user_id = moving.user_of_one_session(*NOTES)
    embedders = Embedders(Telling(NEW, told), SpaceOfItsOwn(OLD))

    def work(db: Database) -> object:
        return reembed_users(db, embedders, tokens_a_day=PLENTY)

    whole = len(process.run(work).points)
    moving.run(moving.back)
    moving.clear()
    told.write_text("")
    lives = 0
    while moving.model(user_id) != NEW:
        process.run(work, kill_at=whole * 2 // 3)
        lives += 1
        assert finds_all(moving, user_id)
        assert lives < 10
    assert lives >= 2
    assert len(told.read_text().splitlines()) <= len(NOTES) + lives * TEXTS_IN_A_CALL
