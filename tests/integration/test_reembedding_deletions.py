"""A session that is deleted while its blocks are read holds nobody up."""

from typing import Any

import psycopg
import pytest

from shared.db.connection import Database
from shared.reembedding import read_portion as reading
from shared.reembedding.read_portion import read_portion
from shared.search.intern_model import intern_model
from shared.sessions.sessions_by_ids import sessions_by_ids
from tests.fixtures.searchable import PROVIDER, add_block, add_user, keep, unit


def test_a_session_deleted_between_its_blocks_and_itself_is_left_out(
    db: Database, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = add_user(owner)
    block = add_block(owner, user_id)
    keep(db, user_id, block, ["The boiler."], [unit(1)])

    def deleted_first(*asked: Any) -> Any:
        owner.execute("DELETE FROM sessions WHERE id = %s", [block[0]])
        return sessions_by_ids(*asked)

    monkeypatch.setattr(reading, "sessions_by_ids", deleted_first)
    with db.transaction(user_id) as tx:
        better = intern_model(tx, provider=PROVIDER, model="better")
        portion = read_portion(tx, user_id, model_id=better, after=None)
    assert portion is not None
    assert (list(portion.blocks), portion.last) == ([], block[1])
