"""A search is confined to a scope: both its legs, before they are cut off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from shared.ai.capabilities import Vector
from shared.db.connection import Database
from shared.ids import UserId, new_id
from shared.search.asked import Filters
from tests.fixtures.questions import NOTHING, Never, ask, texts_of
from tests.fixtures.searchable import add_block, add_user, keep, unit

_SOUP = unit(1, 0, 0)
_MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def diary(db: Database, owner: psycopg.Connection) -> UserId:
    """A user with a walk a day: Monday's by voice, Tuesday's as a picture, Wednesday's and Thursday's typed."""
    user_id = add_user(owner)
    kinds = ("voice", "image", "marker", "marker")
    for day, kind in enumerate(kinds):
        block = add_block(owner, user_id)
        owner.execute(
            "UPDATE session_blocks SET captured_at = %s, block_type = %s WHERE id = %s",
            [_MONDAY + timedelta(days=day), kind, block[1]],
        )
        owner.execute(
            "UPDATE sessions SET session_type = %s WHERE id = %s", [kind if kind != "marker" else "mixed", block[0]]
        )
        keep(db, user_id, block, [f"walk {day}"], [_SOUP])
    return user_id


def _day(number: int) -> datetime:
    return _MONDAY.replace(hour=0) + timedelta(days=number)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, "0123"),
        ({"captured_from": _day(1)}, "123"),
        ({"captured_to": _day(2)}, "01"),
        ({"captured_from": _MONDAY, "captured_to": _MONDAY}, ""),
        ({"captured_from": _MONDAY + timedelta(days=1), "captured_to": _MONDAY + timedelta(days=2)}, "1"),
        ({"block_type": "marker"}, "23"),
        ({"session_type": "image"}, "1"),
        ({"session_type": "mixed", "captured_to": _day(3)}, "2"),
        ({"session_id": UUID(int=1)}, ""),
    ],
    ids=str,
)
@pytest.mark.parametrize("meaning", [_SOUP, NOTHING], ids=["by meaning", "by words"])
def test_filters_confine_both_legs(
    db: Database, diary: UserId, meaning: Vector, filters: dict[str, Any], found: str
) -> None:
    answer = ask(db, diary, "walk", meaning=meaning, filters=Filters(**filters))
    assert sorted(texts_of(answer)) == [f"walk {day}" for day in found]


def test_a_search_within_one_session_finds_that_session(db: Database, diary: UserId) -> None:
    (wanted, *_) = ask(db, diary, "walk").results
    answer = ask(db, diary, "walk", filters=Filters(session_id=wanted.passage.session_id))
    assert texts_of(answer) == [wanted.passage.text]


def test_a_scope_without_any_note_asks_nobody(db: Database, diary: UserId) -> None:
    assert ask(db, diary, "walk", embedder=Never(), filters=Filters(session_id=new_id())).total == 0


def test_a_wide_scope_still_finds_what_is_far_down(
    db: Database, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More chunks in the scope than are named one by one, and none of them among the nearest of all."""
    monkeypatch.setattr("shared.search.scope_repository.FEW", 3)
    user_id = add_user(owner)
    near, far = add_block(owner, user_id), add_block(owner, user_id)
    owner.execute("UPDATE session_blocks SET block_type = 'voice' WHERE id = %s", [far[1]])
    keep(db, user_id, near, [f"near {n}" for n in range(600)], [_SOUP] * 600)
    keep(db, user_id, far, [f"far {n}" for n in range(6)], [unit(1, 0.2)] * 6)
    filters = Filters(block_type="voice")
    assert sorted(texts_of(ask(db, user_id, "?", meaning=_SOUP, filters=filters))) == [f"far {n}" for n in range(6)]
    assert sorted(texts_of(ask(db, user_id, "far", filters=filters))) == [f"far {n}" for n in range(6)]
    assert texts_of(ask(db, user_id, "near", filters=filters)) == []
    assert texts_of(ask(db, user_id, "near", filters=replace(filters, block_type="marker"), limit=50)) != []
