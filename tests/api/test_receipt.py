"""A session's receipt over HTTP: what was used, what it cost, what was taken and given back."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from shared.ai.capabilities import Usage
from shared.ai.record_usage import record_usage
from shared.ids import SessionId
from tests.fixtures.captured import Backend
from tests.fixtures.enriching import Pipeline
from tests.fixtures.phone import Phone

AT = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
HEARD = Usage(provider="groq", model="whisper-large-v3-turbo", operation="transcribe", audio_ms=90_500, at=AT)
EMBEDDED = Usage(provider="openai", model="text-embedding-3-small", operation="embed", tokens=7, input_tokens=7, at=AT)
OF_A_NEW_MODEL = Usage(provider="openai", model="gpt-9", operation="summarise", tokens=5, input_tokens=5, at=AT)

STEP = {
    "kind",
    "state",
    "provider",
    "model",
    "operation",
    "input_tokens",
    "cached_input_tokens",
    "output_tokens",
    "audio_seconds",
    "cost_cents",
    "at",
}


@pytest.fixture
def finalized(alice: Phone) -> str:
    """A paid session of Alice's, not begun."""
    session_id = alice.session()
    alice.block(session_id, text_content="Buy milk.")
    alice.ok("POST", f"/api/sessions/{session_id}/finalize")
    return session_id


def receipt_of(phone: Phone, session_id: str) -> Any:
    return phone.ok("GET", f"/api/sessions/{session_id}/receipt")


def used(api: Backend, phone: Phone, session_id: str, *usages: Usage) -> None:
    """Have the embedding step of the session make these calls."""
    assert phone.uid is not None
    user_id = api.user(phone.uid)
    step = api.step(user_id, SessionId(UUID(session_id)), "embed")
    with api.db.transaction(user_id) as tx:
        for usage in usages:
            record_usage(tx, user_id, usage, session_id=step.session_id, step_id=step.id)


def test_an_open_session_has_cost_nothing(alice: Phone) -> None:
    session_id = alice.session()
    assert receipt_of(alice, session_id) == {
        "session_id": session_id,
        "steps": [],
        "cost_cents": 0,
        "unpriced": 0,
        "debits": [],
        "refunds": [],
        "credits_charged": 0,
    }


def test_a_paid_session_shows_its_debit(alice: Phone, finalized: str) -> None:
    receipt = receipt_of(alice, finalized)
    (debit,) = receipt["debits"]
    assert debit.keys() == {"job_id", "credits", "at"}
    assert (debit["credits"], receipt["refunds"], receipt["credits_charged"]) == (1, [], 1)


def test_each_call_shows_its_price_in_cents_to_six_decimals(alice: Phone, api: Backend, finalized: str) -> None:
    used(api, alice, finalized, HEARD, EMBEDDED)
    receipt = receipt_of(alice, finalized)
    heard, embedded = sorted(receipt["steps"], key=lambda step: step["operation"], reverse=True)
    assert heard.keys() == embedded.keys() == STEP
    assert (heard["provider"], heard["audio_seconds"], heard["cost_cents"]) == ("groq", 90.5, 0.100556)
    assert (embedded["input_tokens"], embedded["cost_cents"]) == (7, 0.000014)
    assert (receipt["cost_cents"], receipt["unpriced"]) == (0.10057, 0)
    assert all(datetime.fromisoformat(step["at"]) == AT for step in receipt["steps"])


def test_a_call_whose_price_nobody_knows_shows_none_and_is_counted(alice: Phone, api: Backend, finalized: str) -> None:
    used(api, alice, finalized, HEARD, OF_A_NEW_MODEL)
    receipt = receipt_of(alice, finalized)
    assert {step["model"]: step["cost_cents"] for step in receipt["steps"]} == {
        HEARD.model: 0.100556,
        OF_A_NEW_MODEL.model: None,
    }
    assert (receipt["cost_cents"], receipt["unpriced"]) == (0.100556, 1)


def test_a_session_that_was_processed_again_has_both_jobs_on_one_receipt(
    alice: Phone, api: Backend, finalized: str
) -> None:
    pipeline = Pipeline(backend=api)
    for _, message in list(api.queue.sent):
        pipeline.bury(message)
    alice.ok("POST", f"/api/sessions/{finalized}/process")
    pipeline.work_off()
    receipt = receipt_of(alice, finalized)
    assert sorted(step["kind"] for step in receipt["steps"]) == ["embed", "summarise"]
    first, second = (debit["job_id"] for debit in receipt["debits"])
    assert [refund["job_id"] for refund in receipt["refunds"]] == [first]
    assert first != second
    assert receipt["credits_charged"] == 1


def test_numbers_are_written_as_numbers(alice: Phone, api: Backend, finalized: str) -> None:
    used(api, alice, finalized, EMBEDDED)
    body = alice.call("GET", f"/api/sessions/{finalized}/receipt").body
    (step,) = json.loads(body)["steps"]
    assert isinstance(step["cost_cents"], float)
