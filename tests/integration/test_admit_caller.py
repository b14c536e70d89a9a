"""Users are created at first sight, with their trial credits, once."""

import psycopg
import pytest

from shared.account.admit_caller import Arrival, admit_caller
from shared.db.connection import Database
from shared.errors import Forbidden
from tests.fixtures.captured import Backend, ledger_of
from tests.fixtures.crowds import Crowd


def test_a_new_user_gets_three_trial_credits(backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    assert ledger_of(owner, user_id) == [(3, "trial")]


def test_the_second_request_finds_the_same_user(backend: Backend, owner: psycopg.Connection) -> None:
    first, second = backend.user(), backend.user()
    assert first == second
    assert ledger_of(owner, first) == [(3, "trial")]


def test_twenty_first_requests_at_once_make_one_user_with_one_grant(many: Crowd, owner: psycopg.Connection) -> None:
    def first_sight(db: Database) -> object:
        return admit_caller(db, Arrival(firebase_uid="new", email=None)).user

    users = many.all_at_once([first_sight] * 20)
    assert len(set(users)) == 1
    assert owner.execute("SELECT count(*), sum(credits) FROM users").fetchone() == (1, 3)
    assert owner.execute("SELECT count(*) FROM credit_ledger").fetchone() == (1,)


def test_a_disabled_account_is_refused(backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    owner.execute("UPDATE users SET disabled_at = now() WHERE id = %s", [user_id])
    with pytest.raises(Forbidden) as refused:
        backend.user()
    assert refused.value.exact_code == "account_disabled"


def test_a_uid_of_quotes_emoji_and_percent_signs_is_just_a_uid(backend: Backend) -> None:
    strange = "'; DROP TABLE users; -- %s 🧠"
    assert backend.user(strange) == backend.user(strange)
