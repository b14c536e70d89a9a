"""The balance and its ledger: never apart, never below zero, nothing twice."""

import random

import psycopg
import pytest
from psycopg.errors import UniqueViolation

from shared.credits.debit import debit
from shared.credits.grant import grant
from shared.credits.model import Credits, Reason
from shared.credits.read_ledger import read_ledger
from shared.credits.refund import refund
from shared.db.connection import Database
from shared.ids import UserId
from tests.fixtures.captured import Backend, ledger_of, set_credits
from tests.fixtures.crowds import Crowd


def take(db: Database, user_id: UserId, ref: str, amount: int = 1) -> bool:
    with db.transaction(user_id) as tx:
        return debit(tx, user_id, Credits(amount), ref=ref)


def give_back(db: Database, user_id: UserId, ref: str) -> bool:
    with db.transaction(user_id) as tx:
        return refund(tx, user_id, ref=ref)


def give(db: Database, user_id: UserId, ref: str, amount: int) -> bool:
    with db.transaction(user_id) as tx:
        return grant(tx, user_id, Credits(amount), reason=Reason.TRIAL, ref=ref)


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


def test_refunds_of_one_debit_at_once_give_it_back_once(
    backend: Backend, many: Crowd, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    take(backend.db, user_id, "x")

    def attempt(db: Database) -> bool:
        try:
            return give_back(db, user_id, "x")
        except UniqueViolation:
            return False

    assert sum(many.all_at_once([attempt] * 20)) == 1
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
            return debit(tx, user_id, Credits(1), ref=ref)

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
