"""A day's tokens: reserved before they are used, settled after, and never taken twice."""

import psycopg
import pytest

from shared.answers import repository
from shared.answers.model import Reservation
from shared.answers.reserve_tokens import reserve_tokens
from shared.answers.settle_tokens import settle_tokens
from shared.db.connection import Database
from shared.errors import BudgetSpent
from shared.ids import UserId
from tests.fixtures.crowds import Crowd
from tests.fixtures.searchable import add_user


@pytest.fixture
def user_id(owner: psycopg.Connection) -> UserId:
    return add_user(owner)


def reserve(db: Database, user_id: UserId, tokens: int, *, daily_tokens: int = 1_000) -> Reservation:
    with db.transaction(user_id) as tx:
        return reserve_tokens(tx, user_id, tokens=tokens, daily_tokens=daily_tokens)


def settle(db: Database, user_id: UserId, reservation: Reservation, used_tokens: int) -> int | None:
    with db.transaction(user_id) as tx:
        return settle_tokens(tx, user_id, reservation, used_tokens=used_tokens)


def used(db: Database, user_id: UserId) -> int:
    with db.transaction(user_id) as tx:
        return repository.used_today(tx, user_id)[0]


def test_of_many_questions_at_once_as_many_are_asked_as_the_day_allows(
    db: Database, many: Crowd, user_id: UserId
) -> None:
    def ask(one: Database) -> bool:
        try:
            reserve(one, user_id, 100)
        except BudgetSpent:
            return False
        return True

    assert sum(many.all_at_once([ask] * 40)) == 10
    assert used(db, user_id) == 1_000


def test_what_was_not_used_is_given_back(db: Database, user_id: UserId) -> None:
    first = reserve(db, user_id, 900)
    with pytest.raises(BudgetSpent):
        reserve(db, user_id, 200)
    assert settle(db, user_id, first, 300) == 300
    assert reserve(db, user_id, 700).used_tokens == 1_000


def test_what_was_settled_is_not_settled_again(db: Database, user_id: UserId) -> None:
    reservation = reserve(db, user_id, 900)
    assert [settle(db, user_id, reservation, 300), settle(db, user_id, reservation, 300)] == [300, None]
    assert used(db, user_id) == 300


def test_what_was_used_is_counted_even_beyond_the_limit(db: Database, user_id: UserId) -> None:
    assert settle(db, user_id, reserve(db, user_id, 900), 1_500) == 1_500
    with pytest.raises(BudgetSpent) as refusal:
        reserve(db, user_id, 1)
    assert 1 <= (refusal.value.retry_after_seconds or 0) <= 86_400


def test_a_question_that_is_larger_than_the_whole_day_is_refused_and_counts_nothing(
    db: Database, user_id: UserId
) -> None:
    with pytest.raises(BudgetSpent):
        reserve(db, user_id, 1_001)
    assert used(db, user_id) == 0


def test_a_function_that_died_keeps_one_questions_worth_until_the_day_is_over(
    db: Database, user_id: UserId, owner: psycopg.Connection
) -> None:
    reserve(db, user_id, 400)
    assert reserve(db, user_id, 600).used_tokens == 1_000
    owner.execute("UPDATE token_budgets SET day = day - 1")
    assert used(db, user_id) == 0
    assert reserve(db, user_id, 1_000).used_tokens == 1_000


def test_what_is_settled_after_midnight_is_no_longer_of_this_day(
    db: Database, user_id: UserId, owner: psycopg.Connection
) -> None:
    late = reserve(db, user_id, 400)
    owner.execute("UPDATE token_budgets SET day = day - 1")
    reserve(db, user_id, 100)
    yesterday = Reservation(id=late.id, day=late.day.replace(year=late.day.year - 1), tokens=400, used_tokens=400)
    settle(db, user_id, yesterday, 10)
    assert used(db, user_id) == 100
