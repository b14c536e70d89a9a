"""A time in a question narrows its search: to what was captured then, or speaks of then."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from shared.db.connection import Database
from shared.ids import UserId
from shared.search.asked import Answer, Filters
from shared.when.model import Period
from tests.fixtures.questions import NOTHING, Never, ask, texts_of
from tests.fixtures.searchable import add_block, add_user, keep, unit

_WALK = unit(1, 0, 0)
_MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
_NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
"""A Wednesday, nine days after the first note."""


@pytest.fixture
def user_id(db: Database, owner: psycopg.Connection) -> UserId:
    """A user with a walk a day for ten days, of which the first speaks of April 14."""
    user_id = add_user(owner)
    for day in range(10):
        block = add_block(owner, user_id)
        owner.execute(
            "UPDATE session_blocks SET captured_at = %s WHERE id = %s", [_MONDAY + timedelta(days=day), block[1]]
        )
        keep(db, user_id, block, [f"walk {day}"], [_WALK])
    owner.execute(
        "UPDATE chunks SET events = '{[2026-04-14 08:00Z,2026-04-14 08:01Z)}' WHERE user_id = %s AND text = 'walk 0'",
        [user_id],
    )
    return user_id


def _ask(db: Database, user_id: UserId, query: str, **asked: Any) -> Answer:
    return ask(db, user_id, query, now=_NOW, **asked)


@pytest.mark.parametrize(
    ("query", "language", "days"),
    [
        ("the walk yesterday", "en", "8"),
        ("walk", "en", "0123456789"),
        ("walk last week", "en", "0123456"),
        ("walk on 4 March", "en", "2"),
        ("walk em 4 de mar\u00e7o", "pt-BR", "2"),
        ("walk ontem", "pt-BR", "8"),
        ("walk in April", "en", ""),
        ("walk in April 2026", "en", "0"),
        ("walk in 2019", "en", ""),
    ],
)
def test_the_question_is_answered_by_what_is_of_that_time(
    db: Database, user_id: UserId, query: str, language: str, days: str
) -> None:
    answer = _ask(db, user_id, query, language=language)
    assert sorted(texts_of(answer)) == [f"walk {day}" for day in days]
    assert (answer.period is None) == (query == "walk")


def test_the_period_is_told_even_where_nothing_was_found(db: Database, user_id: UserId) -> None:
    answer = _ask(db, user_id, "walk on 1 February", embedder=Never())
    assert answer.period == Period(start=datetime(2026, 2, 1, tzinfo=UTC), end=datetime(2026, 2, 2, tzinfo=UTC))
    assert (texts_of(answer), answer.total, answer.is_degraded) == ([], 0, False)


def test_days_are_those_of_the_user_or_of_the_question(
    db: Database, owner: psycopg.Connection, user_id: UserId
) -> None:
    owner.execute("UPDATE users SET time_zone = 'Asia/Tokyo' WHERE id = %s", [user_id])
    period = _ask(db, user_id, "walk yesterday").period
    assert period == Period(start=datetime(2026, 3, 9, 15, tzinfo=UTC), end=datetime(2026, 3, 10, 15, tzinfo=UTC))
    period = _ask(db, user_id, "walk yesterday", time_zone="America/Lima").period
    assert period == Period(start=datetime(2026, 3, 10, 5, tzinfo=UTC), end=datetime(2026, 3, 11, 5, tzinfo=UTC))


def test_what_the_caller_says_wins_over_what_the_question_says(db: Database, user_id: UserId) -> None:
    filters = Filters(captured_from=_MONDAY, captured_to=_MONDAY + timedelta(days=2))
    answer = _ask(db, user_id, "walk yesterday", filters=filters, meaning=_WALK)
    assert (sorted(texts_of(answer)), answer.period) == (["walk 0", "walk 1"], None)


def test_a_time_alone_asks_for_whatever_is_of_it(db: Database, user_id: UserId) -> None:
    answer = _ask(db, user_id, "what was there yesterday?", meaning=NOTHING)
    assert texts_of(answer) == ["walk 8"]


def test_the_words_of_the_time_are_not_looked_for(db: Database, owner: psycopg.Connection, user_id: UserId) -> None:
    block = add_block(owner, user_id)
    owner.execute("UPDATE session_blocks SET captured_at = %s WHERE id = %s", [_NOW - timedelta(days=1), block[1]])
    keep(db, user_id, block, ["yesterday once more"], [unit(0, 1, 0)])
    assert texts_of(_ask(db, user_id, "walk yesterday")) == ["walk 8"]


def test_a_scope_by_time_and_by_kind_is_both(db: Database, owner: psycopg.Connection, user_id: UserId) -> None:
    owner.execute(
        "UPDATE session_blocks SET block_type = 'voice' WHERE user_id = %s AND captured_at < %s",
        [user_id, _MONDAY + timedelta(days=2)],
    )
    assert sorted(texts_of(_ask(db, user_id, "walk last week", filters=Filters(block_type="voice")))) == [
        "walk 0",
        "walk 1",
    ]
