"""The balance and its ledger: never apart, never below zero, nothing twice."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import psycopg
import pytest
from psycopg.errors import UniqueViolation

from shared.credits.debit import debit
from shared.credits.grant import grant
from shared.credits.model import Credits, Reason
from shared.credits.read_ledger import read_ledger
from shared.credits.refund import refund
from shared.credits.take_back import take_back
from shared.db.connection import Database
from shared.errors import NotFound
from shared.ids import UserId, new_id
from tests.fixtures.captured import Backend, ledger_of, set_credits
from tests.fixtures.crowds import Crowd, wait_until


def take(db: Database, user_id: UserId, ref: str, amount: int = 1) -> bool:
    with db.transaction(user_id) as tx:
        return debit(tx, user_id, Credits(amount), ref=ref) is not None


def give_back(db: Database, user_id: UserId, ref: str) -> bool:
    with db.transaction(user_id) as tx:
        return refund(tx, user_id, ref=ref)


def give(db: Database, user_id: UserId, ref: str, amount: int) -> bool:
    with db.transaction(user_id) as tx:
        return grant(tx, user_id, Credits(amount), reason=Reason.TRIAL, ref=ref)


def demand(db: Database, user_id: UserId, ref: str, amount: int) -> bool:
    with db.transaction(user_id) as tx:
        return take_back(tx, user_id, Credits(amount), reason=Reason.PURCHASE_DISPUTED, ref=ref)


def balance_of(owner: psycopg.Connection, user_id: UserId) -> tuple[int, int]:
    """Credits and debt."""
    row = owner.execute("SELECT credits, credit_debt FROM users WHERE id = %s", [user_id]).fetchone()
    assert row is not None
    return row


def test_a_hundred_credits_pay_for_a_hundred_of_three_hundred_debits_at_once(
    backend: Backend, many: Crowd, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    set_credits(owner, user_id, 100)
    refs = iter([f"thing {number}" for number in range(300)])
    taken = many.all_at_once([lambda db, ref=ref: take(db, user_id, ref) for ref in refs])
    assert sum(taken) == 100
    assert sum(delta for delta, _ in ledger_of(owner, user_id)) == 0


def test_a_debit_larger_than_the_balance_changes_nothing(backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    assert not take(backend.db, user_id, "x", amount=4)
    assert ledger_of(owner, user_id) == [(3, "trial")]


def test_a_refund_gives_the_whole_debit_back_once(backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    take(backend.db, user_id, "x", amount=2)
    assert [give_back(backend.db, user_id, "x") for _ in range(3)] == [True, False, False]
    assert ledger_of(owner, user_id) == [(3, "trial"), (-2, "session"), (2, "refund")]


def test_what_was_not_debited_is_not_refunded(backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    assert not give_back(backend.db, user_id, "x")
    assert ledger_of(owner, user_id) == [(3, "trial")]


def test_the_same_grant_twice_is_granted_once(backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    assert [give(backend.db, user_id, "gift", 5) for _ in range(3)] == [True, False, False]
    assert sum(delta for delta, _ in ledger_of(owner, user_id)) == 8


def test_a_second_debit_for_the_same_thing_is_refused_by_postgres(backend: Backend, owner: psycopg.Connection) -> None:
    """Whoever it is for: a job or a payment has one owner, and is paid once."""
    alice, bob = backend.user("alice"), backend.user("bob")
    assert take(backend.db, alice, "x")
    for user_id in (alice, bob):
        with pytest.raises(UniqueViolation):
            take(backend.db, user_id, "x")
    assert [balance_of(owner, user_id) for user_id in (alice, bob)] == [(2, 0), (3, 0)]


def test_what_is_taken_back_beyond_the_balance_is_a_debt_that_the_next_credits_pay_first(
    backend: Backend, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    assert demand(backend.db, user_id, "dispute", 5)
    assert balance_of(owner, user_id) == (0, 2)
    assert not take(backend.db, user_id, "session")
    assert give(backend.db, user_id, "one", 1)
    assert balance_of(owner, user_id) == (0, 1)
    assert give(backend.db, user_id, "four", 4)
    assert balance_of(owner, user_id) == (3, 0)


@pytest.mark.parametrize("order", permutations(["grant", "dispute", "gift"]), ids="-".join)
def test_where_a_user_stands_does_not_depend_on_what_came_first(
    backend: Backend, owner: psycopg.Connection, order: tuple[str, ...]
) -> None:
    user_id = backend.user()
    moves: dict[str, Callable[[], bool]] = {
        "grant": lambda: give(backend.db, user_id, "grant", 10),
        "dispute": lambda: demand(backend.db, user_id, "dispute", 12),
        "gift": lambda: give(backend.db, user_id, "gift", 1),
    }
    for name in [*order, *order]:
        moves[name]()
    assert balance_of(owner, user_id) == (2, 0)


def test_nobody_can_be_given_or_asked_for_anything(backend: Backend) -> None:
    nobody = UserId(new_id())
    for operation in (give, demand):
        with pytest.raises(NotFound):
            operation(backend.db, nobody, "x", 1)


def test_an_account_that_was_deleted_and_made_again_gets_no_second_trial(
    backend: Backend, owner: psycopg.Connection
) -> None:
    first = backend.user()
    owner.execute("DELETE FROM users WHERE id = %s", [first])
    again = backend.user()
    assert again != first
    assert balance_of(owner, again) == (0, 0)


def test_whoever_waited_for_the_balance_sees_that_the_same_was_granted_and_does_not_fail(
    backend: Backend, many: Crowd, owner: psycopg.Connection
) -> None:
    """The first grant is not committed yet when the second one asks."""
    user_id = backend.user()

    def somebody_waits() -> bool:
        row = owner.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
        return row is not None and row[0] > 0

    with ThreadPoolExecutor(1) as pool:
        with backend.db.transaction(user_id) as tx:
            assert grant(tx, user_id, Credits(5), reason=Reason.TRIAL, ref="gift")
            second = pool.submit(many.all_at_once, [lambda db: give(db, user_id, "gift", 5)])
            wait_until(somebody_waits)
        assert second.result() == [False]
    assert balance_of(owner, user_id) == (8, 0)


def test_refunds_of_one_debit_at_once_give_it_back_once(
    backend: Backend, many: Crowd, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    take(backend.db, user_id, "x")
    assert sum(many.all_at_once([lambda db: give_back(db, user_id, "x")] * 20)) == 1
    assert ledger_of(owner, user_id)[-1] == (1, "refund")


def test_any_mix_of_operations_keeps_balance_and_ledger_together(backend: Backend, owner: psycopg.Connection) -> None:
    """A model in ten lines beside the real thing; every row's balance_after is checked too."""
    user_id = backend.user()
    chance = random.Random(7)  # noqa: S311 - an order of operations, not a secret
    balance, open_debits = 3, dict[str, int]()
    for number in range(300):
        amount, ref = chance.randint(1, 4), f"thing {number}"
        match chance.choice(["take", "take", "give", "give back"]):
            case "take":
                taken = take(backend.db, user_id, ref, amount)
                assert taken == (balance >= amount)
                if taken:
                    balance, open_debits[ref] = balance - amount, amount
            case "give":
                give(backend.db, user_id, ref, amount)
                balance += amount
            case _:
                ref = chance.choice([*open_debits, "nothing"])
                returned = open_debits.pop(ref, 0)
                assert give_back(backend.db, user_id, ref) == (returned > 0)
                balance += returned
    assert sum(delta for delta, _ in ledger_of(owner, user_id)) == balance
    assert ledger_is_in_order(owner, user_id)


def test_the_ledger_is_in_the_order_the_balance_moved_also_under_load(
    backend: Backend, many: Crowd, owner: psycopg.Connection
) -> None:
    """A transaction that began first may have waited for the balance longest."""
    user_id = backend.user()
    set_credits(owner, user_id, 200)

    def late(db: Database, ref: str) -> bool:
        with db.transaction(user_id) as tx:
            tx.execute("SELECT pg_sleep(random() / 50)")
            return debit(tx, user_id, Credits(1), ref=ref) is not None

    assert all(many.all_at_once([lambda db, ref=str(number): late(db, ref) for number in range(100)]))
    assert ledger_is_in_order(owner, user_id)


def ledger_is_in_order(owner: psycopg.Connection, user_id: UserId) -> bool:
    rows = owner.execute(
        "SELECT balance_after = sum(delta) OVER (ORDER BY created_at, id) FROM credit_ledger WHERE user_id = %s",
        [user_id],
    )
    return {row[0] for row in rows} == {True}


def test_pages_of_the_ledger_walk_every_row_once(backend: Backend) -> None:
    user_id = backend.user()
    for number in range(7):
        give(backend.db, user_id, str(number), 1)
    seen: list[str] = []
    before = None
    while page := read_ledger(backend.db, user_id, before=before, limit=3):
        seen += [entry.ref for entry in page]
        before = (page[-1].created_at, page[-1].id)
    assert seen == ["6", "5", "4", "3", "2", "1", "0", "alice"]
