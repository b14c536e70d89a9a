"""POST /api/ask: how questions end, and that it is counted."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from shared.db.connection import Database
from shared.errors import VendorDown
from tests.fakes.obedient_model import ObedientModel, obedient_model
from tests.fakes.small_server import Told
from tests.fixtures.asking_notes import PATH, asker
from tests.fixtures.embedders import Down
from tests.fixtures.measured import measured

_NOTE = "The plumber comes on Tuesday. He charges 180 euros and wants the cellar key."


@pytest.fixture(scope="module")
def model() -> Iterator[ObedientModel]:
    with obedient_model() as one:
        yield one


def test_a_question_of_a_time_alone_is_answered_in_full_while_questions_cannot_be_embedded(
    api_db: Database, everything: psycopg.Connection, model: ObedientModel
) -> None:
    other = asker(api_db, everything, model, embedder=Down(VendorDown("no")))
    other.note(_NOTE)
    model.claims(("The plumber charges 180 euros.", [(1, "he charges 180 euros")]))
    answer = other.ask("What was there on 5 March 2026?")
    assert (answer["answered"], answer["degraded"]) == (True, False)
    answer = other.ask("What was there on 6 March 2026?", conversation_id=str(uuid4()))
    assert (answer["answered"], answer["degraded"], answer["usage"]["tokens"]) == (False, False, 0)


def test_how_each_question_ended_is_counted(
    api_db: Database, everything: psycopg.Connection, model: ObedientModel, capsys: pytest.CaptureFixture[str]
) -> None:
    one = asker(api_db, everything, model, daily_tokens=6_000)

    def outcome_of(question: str) -> list[str]:
        capsys.readouterr()
        one.phone.call("POST", PATH, {"question": question})
        asks = [metric for metric in measured(capsys.readouterr().out) if metric.name == "asks"]
        assert all(metric.values == [1] for metric in asks)
        return [metric.dimensions["outcome"] for metric in asks]

    assert outcome_of("What does the plumber cost?") == ["nothing_found"]
    one.note(_NOTE)
    model.claims(("The plumber charges 180 euros.", [(1, "he charges 180 euros")]))
    assert outcome_of("What does the plumber cost?") == ["answered"]
    model.claims(("The plumber charges 90 euros.", [(1, "he charges 90 euros")]))
    assert outcome_of("What does the plumber cost?") == ["nothing_proved"]
    model.writing = lambda _: Told(status=503, body=b"{}")
    assert outcome_of("What does the plumber cost?") == ["provider_failed"]
    everything.execute("UPDATE token_budgets SET tokens = 5999 WHERE user_id = %s", [one.user_id])
    assert outcome_of("What does the plumber cost?") == ["budget_spent"]  # too little is left
    everything.execute("UPDATE token_budgets SET tokens = 6000 WHERE user_id = %s", [one.user_id])
    assert outcome_of("What does the plumber cost?") == ["budget_spent"]  # nothing is left
    everything.execute("UPDATE circuit_breakers SET opened_until = NULL, failures = 0")
    assert outcome_of("") == []
