"""A time in a question narrows its search: to what was captured then, or speaks of then."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import psycopg
import pytest

from shared.db.connection import Database
from shared.errors import VendorDown
from shared.ids import UserId
from shared.search.asked import MOST_RESULTS, Answer, Filters
from shared.search.scope_repository import FEW
from shared.when.model import Period
from tests.fixtures.embedders import Down
from tests.fixtures.questions import NOTHING, Never, ask, texts_of
from tests.fixtures.searchable import add_block, add_user, keep, load, unit

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


@pytest.mark.parametrize(
    ("query", "language", "days"),
    [
        ("yesterday", "en", "8"),
        ("what was there yesterday?", "en", "8"),
        ("ontem", "pt-BR", "8"),
        ("last week", "en", "6543210"),
        ("in March", "en", "9876543210"),
        ("em mar\u00e7o", "pt-BR", "9876543210"),
        ("in April 2026", "en", "0"),  # spoken of in March
        ("in 2019", "en", ""),
    ],
)
def test_a_time_alone_is_answered_by_whatever_is_of_it_newest_first_and_no_embedder_is_asked(
    db: Database, user_id: UserId, query: str, language: str, days: str
) -> None:
    answer = _ask(db, user_id, query, language=language, embedder=Never())
    assert texts_of(answer) == [f"walk {day}" for day in days]
    assert (answer.total, answer.is_degraded) == (len(days), False)
    assert answer.period is not None
    assert all((result.similarity, result.matched_by) == (None, ("time",)) for result in answer.results)
    assert all(result.highlights == () for result in answer.results)


def test_a_time_alone_is_answered_in_full_while_the_embedder_is_down(db: Database, user_id: UserId) -> None:
    answer = _ask(db, user_id, "yesterday", embedder=Down(VendorDown("away")))
    assert (texts_of(answer), answer.is_degraded) == (["walk 8"], False)


def test_pages_of_a_time_alone_follow_one_another(db: Database, user_id: UserId) -> None:
    pages = [_ask(db, user_id, "in March", embedder=Never(), limit=4, skip=skip) for skip in (0, 4, 8)]
    assert [text[-1] for page in pages for text in texts_of(page)] == list("9876543210")
    assert {page.total for page in pages} == {10}
    scores = [result.score for page in pages for result in page.results]
    assert scores == sorted(scores, reverse=True)


def test_chunks_of_one_note_stand_in_its_order_and_other_users_notes_nowhere(
    db: Database, owner: psycopg.Connection, user_id: UserId
) -> None:
    for somebody in (user_id, add_user(owner)):
        block = add_block(owner, somebody)
        owner.execute(
            "UPDATE session_blocks SET captured_at = %s WHERE id = %s", [_NOW - timedelta(hours=20), block[1]]
        )
        keep(db, somebody, block, ["first part", "second part"], [NOTHING, _WALK])
    assert texts_of(_ask(db, user_id, "yesterday", embedder=Never())) == ["first part", "second part", "walk 8"]


def test_a_time_alone_finds_the_newest_of_more_notes_than_are_named_one_by_one(
    db: Database, owner: psycopg.Connection, user_id: UserId
) -> None:
    blocks = (FEW + 20) // 20 + 1
    load(owner, user_id, np.tile(np.array([_WALK], dtype=np.float32), (blocks * 20, 1)))
    owner.execute(
        "UPDATE session_blocks SET captured_at = '2025-06-01 12:00Z' WHERE user_id = %s AND captured_at > %s",
        [user_id, _NOW],
    )
    newest = add_block(owner, user_id)
    owner.execute("UPDATE session_blocks SET captured_at = '2025-06-30 12:00Z' WHERE id = %s", [newest[1]])
    keep(db, user_id, newest, ["the last of June"], [NOTHING])
    owner.execute("ANALYZE")
    answer = _ask(db, user_id, "in June 2025", embedder=Never())
    assert (texts_of(answer)[0], answer.total) == ("the last of June", MOST_RESULTS)


def test_a_time_alone_is_confined_by_filters(db: Database, user_id: UserId) -> None:
    assert texts_of(_ask(db, user_id, "last week", embedder=Never(), filters=Filters(block_type="voice"))) == []


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
