"""Credits by hand: once for each id, on record, and on no road around the record."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from dev.postgres import Postgres
from shared.account.adjust_credits import Adjusted, Adjustment, adjust_credits
from shared.audit.model import Action, Deed
from shared.audit.record_deed import record_deed
from shared.credits.model import Credits, Reason
from shared.credits.take_back import take_back
from shared.db.connection import Database
from shared.errors import Conflict, Invalid, NotFound
from shared.ids import UserId, new_id
from tests.fixtures.captured import Backend, ledger_of
from tests.fixtures.crowds import crowd


def wanted(user_id: UserId, amount: int) -> Adjustment:
    return Adjustment(id=new_id(), user_id=user_id, credits=amount, reason="a gift")


def deeds(owner: psycopg.Connection) -> list[tuple[Any, ...]]:
    return owner.execute("SELECT actor_id, subject_user_id, details FROM audit_log ORDER BY created_at, id").fetchall()


def test_a_gift_pays_a_debt_first(backend: Backend, administrator: UserId, system_db: Database) -> None:
    user_id, actor_id = backend.user(), administrator
    with backend.db.transaction(user_id) as tx:
        take_back(tx, user_id, Credits(8), reason=Reason.PURCHASE_REFUNDED, ref="re_1")
    stands = [adjust_credits(system_db, actor_id, wanted(user_id, 3)) for _ in range(2)]
    assert [(adjusted.credits, adjusted.debt) for adjusted in stands] == [(0, 2), (1, 0)]


def test_nobody_is_put_into_debt_by_hand(
    backend: Backend, administrator: UserId, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id, actor_id = backend.user(), administrator
    with pytest.raises(Conflict) as refused:
        adjust_credits(system_db, actor_id, wanted(user_id, -4))
    assert refused.value.exact_code == "balance_too_small"
    assert "3 credits" in refused.value.detail
    assert adjust_credits(system_db, actor_id, wanted(user_id, -3)).credits == 0
    with pytest.raises(Conflict):
        adjust_credits(system_db, actor_id, wanted(user_id, -1))
    assert ledger_of(owner, user_id) == [(3, "trial"), (-3, "adjustment")]
    assert len(deeds(owner)) == 1


def test_a_repeat_is_the_same_adjustment_whatever_has_become_of_the_balance(
    backend: Backend, administrator: UserId, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id, actor_id = backend.user(), administrator
    taking = wanted(user_id, -2)
    first = adjust_credits(system_db, actor_id, taking)
    adjust_credits(system_db, actor_id, wanted(user_id, -1))
    again = adjust_credits(system_db, actor_id, replace(taking, reason="another reason"))
    assert (first.is_new, again.is_new, again.credits) == (True, False, 0)
    assert len(deeds(owner)) == 2


def refusals(user_id: UserId) -> list[tuple[Adjustment, type[Exception]]]:
    return [
        (wanted(user_id, 0), Invalid),
        (wanted(user_id, -4), Conflict),
        (wanted(UserId(new_id()), 1), NotFound),
        (replace(wanted(user_id, 1), reason=""), Invalid),
        (replace(wanted(user_id, 1), reason="a\x00"), Invalid),
        (wanted(user_id, 2**31), Invalid),
    ]


def test_what_is_refused_leaves_neither_a_row_nor_a_record(
    backend: Backend, administrator: UserId, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id, actor_id = backend.user(), administrator
    for adjustment, refusal in refusals(user_id):
        with pytest.raises(refusal):
            adjust_credits(system_db, actor_id, adjustment)
    assert ledger_of(owner, user_id) == [(3, "trial")]
    assert deeds(owner) == []


def test_the_same_adjustment_by_many_at_once_is_one(
    backend: Backend, administrator: UserId, postgres: Postgres, database_name: str, owner: psycopg.Connection
) -> None:
    user_id, actor_id = backend.user(), administrator
    adjustment = wanted(user_id, 5)
    with crowd(postgres.url(database_name, role="second_brain_system"), 10) as administrators:
        done = administrators.all_at_once([lambda db: adjust_credits(db, actor_id, adjustment)] * 20)
    assert [adjusted.is_new for adjusted in done].count(True) == 1
    assert {adjusted.credits for adjusted in done} == {8}
    assert deeds(owner) == [(actor_id, user_id, {"credits": 5})]


def test_one_id_for_two_users_at_once_adjusts_one_of_them(
    backend: Backend, administrator: UserId, postgres: Postgres, database_name: str, owner: psycopg.Connection
) -> None:
    actor_id = administrator
    users = [backend.user(name) for name in ("alice", "bob")]
    one_id = new_id()

    def giving(user_id: UserId) -> Callable[[Database], Adjusted | Conflict]:
        def give(db: Database) -> Adjusted | Conflict:
            try:
                return adjust_credits(db, actor_id, replace(wanted(user_id, 5), id=one_id))
            except Conflict as conflict:
                return conflict

        return give

    with crowd(postgres.url(database_name, role="second_brain_system"), 2) as administrators:
        answers = administrators.all_at_once([giving(user_id) for user_id in users])
    assert sorted(type(answer).__name__ for answer in answers) == ["Adjusted", "Conflict"]
    assert sorted(sum(delta for delta, _ in ledger_of(owner, user_id)) for user_id in users) == [3, 8]
    assert len(deeds(owner)) == 1


def test_takings_at_once_never_take_more_than_there_is(
    backend: Backend, administrator: UserId, postgres: Postgres, database_name: str, owner: psycopg.Connection
) -> None:
    user_id, actor_id = backend.user(), administrator

    def take(db: Database) -> bool:
        try:
            return adjust_credits(db, actor_id, wanted(user_id, -1)).is_new
        except Conflict:
            return False

    with crowd(postgres.url(database_name, role="second_brain_system"), 10) as administrators:
        assert administrators.all_at_once([take] * 20).count(True) == 3
    assert owner.execute("SELECT credits, credit_debt FROM users WHERE id = %s", [user_id]).fetchone() == (0, 0)
    assert len(deeds(owner)) == 3


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT id FROM audit_log",
        "INSERT INTO audit_log (id) VALUES (gen_random_uuid())",
        "UPDATE audit_log SET reason = 'another'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
    ],
)
def test_an_app_neither_reads_nor_writes_what_administrators_did(db: Database, statement: Any) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), db.transaction(None) as tx:
        tx.execute(statement)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_log SET reason = 'another'", "DELETE FROM audit_log", "TRUNCATE audit_log"]
)
def test_not_even_the_system_rewrites_what_administrators_did(system_db: Database, statement: Any) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), system_db.transaction(None) as tx:
        tx.execute(statement)


def test_the_record_outlives_those_it_names(
    backend: Backend, administrator: UserId, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id, actor_id = backend.user(), administrator
    adjust_credits(system_db, actor_id, wanted(user_id, 5))
    owner.execute("DELETE FROM users")
    assert deeds(owner) == [(actor_id, user_id, {"credits": 5})]


def test_a_deed_is_undone_with_what_it_did(system_db: Database, owner: psycopg.Connection) -> None:
    deed = Deed(actor_id=UserId(new_id()), action=Action.REPLAY_EVENT, subject="stripe evt_1", reason="because")

    def change_its_mind() -> None:
        with system_db.transaction(None) as tx:
            record_deed(tx, deed)
            raise NotFound

    with pytest.raises(NotFound):
        change_its_mind()
    assert deeds(owner) == []
