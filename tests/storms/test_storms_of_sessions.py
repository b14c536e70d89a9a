"""Thousands of requests at once over 64 connections: each thing is paid once, and everyone hears the same."""

import json
from collections import Counter, defaultdict

import psycopg

from shared.ids import SessionId, UserId
from tests.fakes.sqs_like import SqsLike
from tests.fixtures.captured import Backend, count_of, ledger_of, set_credits
from tests.fixtures.seeds import chance
from tests.fixtures.storm import Answer, Post, Storm

UID = "alice"


def finalize(session_id: SessionId) -> Post:
    return Post(uid=UID, path=f"/api/sessions/{session_id}/finalize")


def process(session_id: SessionId) -> Post:
    return Post(uid=UID, path=f"/api/sessions/{session_id}/process")


def status_of(answer: Answer) -> str:
    assert answer.status == 200, answer
    return json.loads(answer.body)["status"]


def captured(backend: Backend, user_id: UserId) -> SessionId:
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    return session_id


def test_a_thousand_finalizes_of_one_session_debit_once_and_answer_alike(
    backend: Backend, storm: Storm, queues: SqsLike, owner: psycopg.Connection
) -> None:
    user_id = backend.user(UID)
    answers = storm.all_of([finalize(captured(backend, user_id))] * 1_000)
    assert Counter(answers) == {answers[0]: 1_000}
    assert status_of(answers[0]) == "pending_processing"
    assert ledger_of(owner, user_id) == [(3, "trial"), (-1, "session")]
    assert count_of(owner, "ai_jobs", user_id) == 1
    assert count_of(owner, "outbox", user_id) == 2
    assert sorted(name for name, _ in queues.sent) == ["embed", "summarise"]


def test_fifty_credits_pay_for_fifty_of_a_hundred_sessions_finalized_a_hundred_times_each(
    backend: Backend, storm: Storm, queues: SqsLike, owner: psycopg.Connection
) -> None:
    user_id = backend.user(UID)
    set_credits(owner, user_id, 50)
    posts = [finalize(captured(backend, user_id)) for _ in range(100)] * 100
    chance("storm").shuffle(posts)

    heard: dict[str, set[Answer]] = defaultdict(set)
    for post, answer in zip(posts, storm.all_of(posts), strict=True):
        heard[post.path].add(answer)

    assert {len(answers) for answers in heard.values()} == {1}
    statuses = Counter(status_of(answer) for answers in heard.values() for answer in answers)
    assert statuses == {"pending_processing": 50, "no_credits": 50}
    reasons = Counter(reason for _, reason in ledger_of(owner, user_id))
    assert reasons["session"] == 50
    lowest = owner.execute("SELECT min(balance_after), max(debt_after) FROM credit_ledger").fetchone()
    assert lowest == (0, 0)
    assert count_of(owner, "ai_jobs", user_id) == 50
    assert len(queues.sent) == count_of(owner, "outbox", user_id) == 100


def test_a_thousand_requests_to_process_one_session_debit_once_and_answer_alike(
    backend: Backend, storm: Storm, queues: SqsLike, owner: psycopg.Connection
) -> None:
    user_id = backend.user(UID)
    set_credits(owner, user_id, 0)
    session_id = captured(backend, user_id)
    assert status_of(storm.all_of([finalize(session_id)])[0]) == "no_credits"
    set_credits(owner, user_id, 2)
    answers = storm.all_of([process(session_id)] * 1_000)
    assert Counter(answers) == {answers[0]: 1_000}
    assert status_of(answers[0]) == "pending_processing"
    assert sum(delta for delta, reason in ledger_of(owner, user_id) if reason == "session") == -1
    assert count_of(owner, "ai_jobs", user_id) == 1
    assert sorted(name for name, _ in queues.sent) == ["embed", "summarise"]
