"""POST /api/ask: what may be asked, what comes back, and what is not said."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from shared.db.connection import Database
from shared.errors import VendorDown
from shared.sessions.delete_session import delete_session
from shared.sessions.edit_block import edit_block
from tests.fakes.obedient_model import USED, ObedientModel, completion, obedient_model
from tests.fakes.small_server import Told
from tests.fixtures.asking_notes import FAR, NEAR, PATH, Asker, asker
from tests.fixtures.captured import Backend
from tests.fixtures.embedders import Down, KnownMeanings

_NOTE = "The plumber comes on Tuesday. He charges 180 euros and wants the cellar key."
_NOT_THERE = "That is not in your notes."


@pytest.fixture(scope="module")
def model() -> Iterator[ObedientModel]:
    with obedient_model() as one:
        yield one


@pytest.fixture
def ana(api_db: Database, everything: psycopg.Connection, model: ObedientModel) -> Asker:
    model.writing = lambda _: {"claims": []}
    model.prompts.clear()
    return asker(api_db, everything, model)


def test_the_answer_has_the_shape_the_app_reads(ana: Asker, model: ObedientModel) -> None:
    session_id, block_id = ana.note(_NOTE)
    model.claims(("The plumber charges 180 euros.", [(1, "he charges 180 euros")]))
    answer = ana.ask(" What does the plumber cost? ")
    assert UUID(answer.pop("conversation_id"))
    assert answer == {
        "answered": True,
        "answer": "The plumber charges 180 euros.",
        "citations": [
            {
                "session_id": str(session_id),
                "block_id": str(block_id),
                "start_ms": None,
                "end_ms": None,
                "media_id": None,
                "quote": "He charges 180 euros",
                "captured_at": "2026-03-05T09:00:00Z",
            }
        ],
        "degraded": False,
        "usage": {"tokens": USED["total_tokens"], "tokens_left": 199_000},
    }


def test_without_a_note_that_is_near_enough_no_model_is_asked(ana: Asker, model: ObedientModel) -> None:
    ana.note(_NOTE, vectors=[FAR])
    answer = ana.ask("Who won the match?")
    assert (answer["answered"], answer["answer"], answer["citations"]) == (False, _NOT_THERE, [])
    assert answer["usage"] == {"tokens": 0, "tokens_left": 200_000}
    assert model.prompts == []


def test_without_any_note_neither_embedder_nor_model_is_asked(
    api_db: Database, everything: psycopg.Connection, model: ObedientModel
) -> None:
    nobody = asker(api_db, everything, model, embedder=Down(VendorDown("no")))
    assert nobody.ask("Anything?")["answered"] is False


def test_what_the_notes_do_not_hold_is_said_in_the_users_language(ana: Asker) -> None:
    ana.owner.execute("UPDATE users SET preferred_language = 'pt-BR' WHERE id = %s", [ana.user_id])
    ana.note(_NOTE)
    assert ana.ask("Quem ganhou?")["answer"] == "Isso não está nas suas notas."


def test_a_claim_without_a_quote_that_stands_in_the_notes_is_dropped(ana: Asker, model: ObedientModel) -> None:
    ana.note(_NOTE)
    model.claims(
        ("The plumber is called Rui.", [(1, "the plumber is called Rui")]),
        ("He wants the cellar key.", [(1, "wants the cellar key")]),
        ("He is always late.", []),
    )
    answer = ana.ask("What about the plumber?")
    assert (answer["answer"], [c["quote"] for c in answer["citations"]]) == (
        "He wants the cellar key.",
        ["wants the cellar key"],
    )


def test_when_every_claim_is_dropped_the_notes_do_not_hold_it(ana: Asker, model: ObedientModel) -> None:
    ana.note(_NOTE)
    model.claims(("The plumber charges 900 euros.", [(1, "He charges 180 euros")]))
    answer = ana.ask("What does the plumber cost?")
    assert (answer["answered"], answer["answer"], answer["citations"]) == (False, _NOT_THERE, [])


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"question": ""},
        {"question": " \t\n "},
        {"question": "x" * 1_001},
        {"question": 7},
        {"question": "why?", "conversation_id": "mine"},
        {"question": "why?", "user_id": "5f4d2b1e-0000-4000-8000-000000000000"},
        {"question": "why?", "limit": 5},
    ],
)
def test_what_cannot_be_asked_is_refused(ana: Asker, asked: Mapping[str, Any]) -> None:
    assert ana.phone.refused("POST", PATH, asked) == (422, "value_invalid")


@pytest.mark.parametrize("raw", [rb'{"question": "a\u0000b"}', rb'{"question": "\ud800"}'])
def test_text_that_cannot_be_stored_is_refused(ana: Asker, raw: bytes) -> None:
    answer = ana.phone.call("POST", PATH, raw=raw)
    assert (answer.status, answer.code) == (422, "value_invalid")


@pytest.mark.parametrize("question", ["the of and", "🔥🔥🔥", "%s'); DROP TABLE users --", "ابحث", "x" * 1_000])
def test_any_text_may_be_asked(ana: Asker, question: str) -> None:
    ana.note(_NOTE)
    assert ana.ask(question)["answered"] is False


def test_a_question_is_understood_with_those_before_it(ana: Asker, model: ObedientModel) -> None:
    ana.note(_NOTE)
    model.claims(("The plumber charges 180 euros.", [(1, "he charges 180 euros")]))
    first = ana.ask("What does the plumber cost?")
    model.claims(("He comes on Tuesday.", [(1, "the plumber comes on Tuesday")]))
    second = ana.ask("And when?", conversation_id=first["conversation_id"])
    assert second["conversation_id"] == first["conversation_id"]
    assert "What does the plumber cost?" in model.prompts[-1]
    assert "The plumber charges 180 euros." in model.prompts[-1]


def test_ten_turns_of_a_conversation_are_kept(ana: Asker, model: ObedientModel) -> None:
    ana.note(_NOTE)
    conversation_id = str(uuid4())
    for number in range(12):
        ana.ask(f"Question number {number}?", conversation_id=conversation_id)
    assert ana.count("conversation_turns") == 10
    ana.ask("And now?", conversation_id=conversation_id)
    assert "Question number 2?" in model.prompts[-1]
    assert "Question number 1?" not in model.prompts[-1]


def test_a_conversation_of_somebody_else_is_a_new_one_of_that_id(
    ana: Asker, api_db: Database, everything: psycopg.Connection, model: ObedientModel
) -> None:
    bob = asker(api_db, everything, model)
    for somebody in (ana, bob):
        somebody.note(_NOTE)
    conversation_id = str(uuid4())
    ana.ask("The secret question of Ana?", conversation_id=conversation_id)
    assert bob.ask("And when?", conversation_id=conversation_id)["conversation_id"] == conversation_id
    assert "secret question" not in model.prompts[-1]
    assert (ana.count("conversation_turns"), bob.count("conversation_turns")) == (1, 1)


def test_every_part_of_a_prompt_is_the_callers_own(
    ana: Asker, api_db: Database, everything: psycopg.Connection, model: ObedientModel
) -> None:
    bob = asker(api_db, everything, model)
    ana.note("The spare key of Ana lies under the blue pot.")
    bob.note("The spare key of Bob lies behind the red door.")
    ana.ask("Where is the spare key?")
    assert "Ana" in model.prompts[-1]
    assert "Bob" not in model.prompts[-1]
    bob.ask("Where is the spare key?")
    assert "Bob" in model.prompts[-1]
    assert "Ana" not in model.prompts[-1]


def test_a_provider_that_is_down_is_told_with_when_to_come_back_and_costs_nothing(
    ana: Asker, model: ObedientModel
) -> None:
    ana.note(_NOTE)
    model.writing = lambda _: Told(status=503, body=b"{}")
    answer = ana.phone.call("POST", PATH, {"question": "What does the plumber cost?"})
    assert (answer.status, answer.code) == (503, "provider_unavailable")
    assert int(answer.headers["retry-after"]) >= 1
    model.writing = lambda _: {"claims": []}
    ana.owner.execute("UPDATE circuit_breakers SET opened_until = NULL, failures = 0")
    assert ana.ask("What does the plumber cost?")["usage"]["tokens_left"] == 199_000


def test_while_questions_cannot_be_embedded_notes_are_found_by_their_words(
    api_db: Database, everything: psycopg.Connection, model: ObedientModel
) -> None:
    other = asker(api_db, everything, model, embedder=Down(VendorDown("no")))
    other.note(_NOTE)
    model.claims(("The plumber charges 180 euros.", [(1, "he charges 180 euros")]))
    answer = other.ask("What does the plumber charge?")
    assert (answer["answered"], answer["degraded"]) == (True, True)
    assert (other.ask("Who won?")["answered"], other.ask("Who won?")["degraded"]) == (False, True)


def test_an_answer_of_no_use_is_paid_for_and_told_as_a_failure(ana: Asker, model: ObedientModel) -> None:
    ana.note(_NOTE)
    model.writing = lambda _: completion("Certainly! The plumber costs 180 euros.")
    assert ana.phone.refused("POST", PATH, {"question": "What does he cost?"}) == (503, "provider_unavailable")
    model.writing = lambda _: {"claims": []}
    ana.owner.execute("UPDATE circuit_breakers SET opened_until = NULL, failures = 0")
    assert ana.ask("What does he cost?")["usage"]["tokens_left"] == 198_000


def test_what_a_question_cost_is_kept_as_usage(ana: Asker) -> None:
    ana.note(_NOTE)
    ana.ask("What does the plumber cost?")
    rows = ana.owner.execute(
        "SELECT provider, model, input_tokens, output_tokens FROM ai_usage"
        " WHERE user_id = %s AND operation_type = 'ask'",
        [ana.user_id],
    ).fetchall()
    assert rows == [("acme", "chatty", 900, 100)]


def test_when_the_days_tokens_are_used_up_the_next_question_waits_for_tomorrow(
    api_db: Database, everything: psycopg.Connection, model: ObedientModel
) -> None:
    model.writing = lambda _: {"claims": []}
    frugal = asker(api_db, everything, model, daily_tokens=4_000)
    frugal.note(_NOTE)
    assert frugal.ask("First?")["usage"]["tokens_left"] == 3_000
    everything.execute("UPDATE token_budgets SET tokens = 3999 WHERE user_id = %s", [frugal.user_id])
    asked = len(model.prompts)
    answer = frugal.phone.call("POST", PATH, {"question": "Second?"})
    assert (answer.status, answer.code) == (429, "budget_spent")
    assert 1 <= int(answer.headers["retry-after"]) <= 86_400
    assert len(model.prompts) == asked
    everything.execute("UPDATE token_budgets SET day = day - 1 WHERE user_id = %s", [frugal.user_id])
    assert frugal.ask("Third?")["usage"]["tokens_left"] == 3_000


def test_deleting_a_block_or_changing_its_text_takes_the_answers_made_of_it_along(
    ana: Asker, api: Backend, model: ObedientModel
) -> None:
    meanings = {"Boiler?": NEAR, "Garden?": FAR}
    other = asker(ana.db, ana.owner, model, embedder=KnownMeanings(meanings))
    spring, boiler = other.note("The boiler was repaired in spring.", vectors=[NEAR])
    session_id, _ = other.note("The garden needs two bags of soil.", vectors=[FAR])
    other.ask("Boiler?")
    other.ask("Garden?")
    assert other.count("conversation_turns") == 2
    edit_block(api.db, api.queue, other.user_id, spring, boiler, text="Another text.", metadata=None)
    assert other.count("conversation_turns") == 1
    delete_session(api.db, api.queue, other.user_id, session_id)
    assert (other.count("conversation_turns"), other.count("turn_blocks")) == (0, 0)


@pytest.mark.parametrize(
    ("captured_at", "time_zone"),
    [
        ("0001-01-01T00:00:00Z", "America/Sao_Paulo"),
        ("9999-12-31T23:59:59Z", "Pacific/Kiritimati"),
        ("2026-03-05T09:00:00Z", "Nowhere/AnyMore"),
    ],
)
def test_a_note_of_whatever_day_in_whatever_zone_can_be_asked(
    ana: Asker, model: ObedientModel, captured_at: str, time_zone: str
) -> None:
    _, block_id = ana.note(_NOTE)
    ana.owner.execute("UPDATE session_blocks SET captured_at = %s WHERE id = %s", [captured_at, block_id])
    ana.owner.execute("UPDATE users SET time_zone = %s WHERE id = %s", [time_zone, ana.user_id])
    model.claims(("The plumber charges 180 euros.", [(1, "he charges 180 euros")]))
    assert ana.ask("What does the plumber cost?")["answered"] is True
