"""What the work itself measures: told when it is committed, forgotten when it is not, and never anybody's text."""

from dataclasses import replace

import psycopg
import pytest

from shared.ai.capabilities import Usage
from shared.ai.record_usage import record_usage
from shared.db.connection import Database
from shared.ids import UserId
from shared.jobs.leave_step import LeaseLost, leave_step
from shared.jobs.model import Leaving, StepState
from tests.fixtures.captured import Backend
from tests.fixtures.enriching import Pipeline
from tests.fixtures.measured import measured, metric_lines, values_of

Printed = pytest.CaptureFixture[str]

WORDS = {"provider": "groq", "model": "whisper-large-v3-turbo", "operation": "transcribe"}
HEARD = Usage(provider="groq", model="whisper-large-v3-turbo", operation="transcribe")
NOTE = "The spare key is in the blue drawer."


@pytest.fixture
def alice(backend: Backend) -> UserId:
    return backend.user("alice")


def test_usage_is_told_with_its_price_when_it_is_committed(db: Database, alice: UserId, capsys: Printed) -> None:
    with db.transaction(alice) as tx:
        record_usage(tx, alice, replace(HEARD, audio_ms=3_600_000, provider_ms=850))
        assert metric_lines(capsys.readouterr().out) == []
    printed = capsys.readouterr().out
    assert len(metric_lines(printed)) == 1
    assert values_of(printed, "provider_ms", **WORDS) == [850]
    assert values_of(printed, "audio_seconds", **WORDS) == [3_600]
    (cents,) = values_of(printed, "cost_cents", **WORDS)
    assert cents > 0
    assert values_of(printed, "spent_cents") == [cents]
    names = {metric.name for metric in measured(printed)}
    assert names == {"provider_ms", "audio_seconds", "cost_cents", "spent_cents"}


def test_a_model_without_a_price_is_counted(db: Database, alice: UserId, capsys: Printed) -> None:
    words = {"provider": "groq", "model": "unheard-of", "operation": "summarise"}
    with db.transaction(alice) as tx:
        record_usage(tx, alice, Usage(provider="groq", model="unheard-of", operation="summarise", tokens=10))
    printed = capsys.readouterr().out
    assert values_of(printed, "calls_unpriced", **words) == [1]
    assert values_of(printed, "cost_cents", **words) == []


def test_what_was_rolled_back_was_not_measured(
    db: Database, alice: UserId, owner: psycopg.Connection, capsys: Printed
) -> None:
    with pytest.raises(ZeroDivisionError):
        _record_and_fail(db, alice)
    assert owner.execute("SELECT count(*) FROM ai_usage").fetchone() == (0,)
    assert metric_lines(capsys.readouterr().out) == []


def _record_and_fail(db: Database, user_id: UserId) -> None:
    with db.transaction(user_id) as tx:
        record_usage(tx, user_id, replace(HEARD, audio_ms=1))
        _ = 1 / 0


def test_a_worker_that_lost_its_step_measures_nothing(backend: Backend, alice: UserId, capsys: Printed) -> None:
    session_id = backend.session(alice)
    backend.marker(alice, session_id)
    Pipeline(backend=backend).finalize(alice, session_id)
    step = backend.claim(alice, backend.step(alice, session_id, "embed").id)
    with backend.db.transaction(alice) as tx:
        leave_step(tx, step, Leaving(state=StepState.COMPLETED))
    (age,) = values_of(capsys.readouterr().out, "step_age_ms", kind="embed")
    assert 0 <= age < 600_000
    with pytest.raises(LeaseLost), backend.db.transaction(alice) as tx:
        leave_step(tx, step, Leaving(state=StepState.COMPLETED))
    assert metric_lines(capsys.readouterr().out) == []


def test_a_session_from_finalize_to_processed_is_measured_once_and_without_its_text(
    backend: Backend, alice: UserId, capfd: pytest.CaptureFixture[str]
) -> None:
    pipeline = Pipeline(backend=backend)
    session_id = backend.session(alice)
    backend.marker(alice, session_id, NOTE)
    pipeline.finalize(alice, session_id)
    pipeline.work_off()
    printed = capfd.readouterr().out
    assert len(values_of(printed, "job_age_ms", status="completed")) == 1
    assert values_of(printed, "job_age_ms", status="failed") == []
    for kind in ("embed", "summarise"):
        assert len(values_of(printed, "step_age_ms", kind=kind)) == 1
    assert all(secret not in printed for secret in ("spare key", "blue drawer", "alice@example.org"))
