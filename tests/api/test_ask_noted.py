"""POST /api/ask: what was paid for is counted once, whatever becomes of the transaction that writes it down."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from dev.postgres import Postgres
from shared.answers import ask_notes
from shared.db.connection import Database
from tests.fakes.obedient_model import USED, ObedientModel, obedient_model
from tests.fixtures.asking_notes import PATH, Asker, asker
from tests.fixtures.postgres_wire import Cut, Wire, wire_to

_NOTE = "The plumber comes on Tuesday. He charges 180 euros and wants the cellar key."
_QUESTION = {"question": "What does the plumber cost?"}
_KEYED = {"idempotency-key": "the-first-question"}
_DAILY_TOKENS = 20_000


@pytest.fixture
def model() -> Iterator[ObedientModel]:
    with obedient_model() as one:
        one.claims(("The plumber charges 180 euros.", [(1, "he charges 180 euros")]))
        yield one


@pytest.fixture
def wire(postgres: Postgres) -> Iterator[Wire]:
    with wire_to(postgres.url("postgres").partition("?host=")[2]) as the_wire:
        yield the_wire


@pytest.fixture
def newcomer(wire: Wire, api_database: str, everything: psycopg.Connection, model: ObedientModel) -> Iterator[Asker]:
    """Without a note. The function's database is reached through the wire."""
    database = Database(f"postgresql://second_brain_app@/{api_database}?host={wire.folder}")
    yield asker(database, everything, model, daily_tokens=_DAILY_TOKENS)
    database.close()


@pytest.fixture
def ana(newcomer: Asker) -> Asker:
    newcomer.note(_NOTE)
    return newcomer


class Pauses:
    """Time between two tries, in which something happens instead of waiting."""

    def __init__(self) -> None:
        self.meanwhile: list[Callable[[], object]] = []

    def monotonic(self) -> float:
        return 0.0

    def sleep(self, _seconds: float) -> None:
        for happens in self.meanwhile:
            happens()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> Pauses:
    the_pauses = Pauses()
    monkeypatch.setattr("shared.db.write_patiently.time", the_pauses)
    return the_pauses


def _noted(one: Asker) -> tuple[int, int, int]:
    """Calls of the model that are counted, tokens that are, and questions for which money is set aside."""
    row: Any = one.owner.execute(
        """
        SELECT (SELECT count(*) FROM ai_usage WHERE user_id = u.id AND operation_type = 'ask'),
               (SELECT tokens FROM token_budgets WHERE user_id = u.id),
               (SELECT count(*) FROM spend_reservations WHERE user_id = u.id)
        FROM users u
        WHERE u.id = %s
        """,
        [one.user_id],
    ).fetchone()
    return row


def _cut_once(monkeypatch: pytest.MonkeyPatch, wire: Wire, cut: Cut) -> None:
    """The COMMIT of the first transaction that keeps a turn is lost, or its answer is."""
    keep_turn = ask_notes.keep_turn
    cuts: list[Cut] = [cut]

    def keeping(*what: Any) -> None:
        keep_turn(*what)
        if cuts:
            wire.cut_commit = cuts.pop()

    monkeypatch.setattr(ask_notes, "keep_turn", keeping)


@contextmanager
def _budget_locked_by_another(one: Asker, model: ObedientModel, written: Any) -> Generator[psycopg.Connection]:
    """From when the model is asked until the connection's transaction ends."""
    one.db.ask(lambda tx: tx.execute("SET lock_timeout = '20ms'"))
    with psycopg.connect(one.owner.info.dsn, password=one.owner.info.password or None) as another:

        def write(_: str) -> Any:
            another.execute("SELECT 1 FROM token_budgets WHERE user_id = %s FOR UPDATE", [one.user_id])
            return written

        model.writing = write
        yield another


@pytest.mark.parametrize(
    ("written", "status", "turns"),
    [
        pytest.param({"claims": []}, 200, 1, id="an answer"),
        pytest.param("no JSON", 503, 0, id="an answer of no use"),
    ],
)
def test_a_question_is_counted_even_if_its_users_budget_is_locked_as_it_ends(
    ana: Asker, model: ObedientModel, pauses: Pauses, written: Any, status: int, turns: int
) -> None:
    with _budget_locked_by_another(ana, model, written) as another:
        pauses.meanwhile.append(another.rollback)
        assert ana.phone.call("POST", PATH, _QUESTION).status == status
    assert (_noted(ana), ana.count("conversation_turns")) == ((1, USED["total_tokens"], 0), turns)


def test_an_answer_that_cannot_be_counted_is_given_and_kept_all_the_same(
    ana: Asker, model: ObedientModel, pauses: Pauses
) -> None:
    tries: list[int] = []
    pauses.meanwhile.append(lambda: tries.append(1))
    with _budget_locked_by_another(ana, model, {"claims": []}):
        answer = ana.phone.call("POST", PATH, _QUESTION, headers=_KEYED)
    assert (answer.status, len(tries)) == (200, 2)
    assert ana.phone.call("POST", PATH, _QUESTION, headers=_KEYED).body == answer.body
    assert (ana.count("spend_reservations"), len(model.bodies)) == (1, 1)


@pytest.mark.parametrize("cut", ["before", "after"])
@pytest.mark.usefixtures("pauses")
def test_a_commit_whose_answer_is_lost_neither_loses_nor_doubles_what_a_question_cost(
    ana: Asker, model: ObedientModel, wire: Wire, monkeypatch: pytest.MonkeyPatch, cut: Cut
) -> None:
    _cut_once(monkeypatch, wire, cut)
    answer = ana.phone.call("POST", PATH, _QUESTION, headers=_KEYED)
    assert answer.json()["usage"] == {"tokens": USED["total_tokens"], "tokens_left": _DAILY_TOKENS - 1_000}
    repeat = ana.phone.call("POST", PATH, _QUESTION, headers=_KEYED)
    assert (repeat.status, repeat.body, repeat.headers["idempotency-replayed"]) == (200, answer.body, "true")
    assert (_noted(ana), ana.count("conversation_turns"), len(model.bodies)) == ((1, USED["total_tokens"], 0), 1, 1)


@pytest.mark.parametrize("cut", ["before", "after"])
def test_an_answer_whose_commit_was_lost_is_kept_alone_for_the_repeat(
    newcomer: Asker, wire: Wire, monkeypatch: pytest.MonkeyPatch, cut: Cut
) -> None:
    """Nothing was found, so nothing was paid for, and the turn is not written a second time."""
    _cut_once(monkeypatch, wire, cut)
    answer = newcomer.phone.call("POST", PATH, _QUESTION, headers=_KEYED)
    assert answer.json()["usage"]["tokens"] == 0
    repeat = newcomer.phone.call("POST", PATH, _QUESTION, headers=_KEYED)
    assert (repeat.status, repeat.body) == (200, answer.body)
