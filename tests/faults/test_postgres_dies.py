"""Postgres is killed under load, or the wire is cut at COMMIT: what a phone was promised is there, and once."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from threading import Event, Thread
from uuid import UUID

import psycopg
import pytest

from dev.postgres import Postgres
from functions.api.sessions.routes import Routes
from shared.db.connection import Database
from shared.edge.http import http_handler
from shared.outbox.publish_overdue import publish_overdue
from tests.fakes.memory_queue import MemoryQueue
from tests.fixtures.captured import set_credits
from tests.fixtures.crowds import wait_until
from tests.fixtures.fault_table import FaultRow, Record, sized
from tests.fixtures.ledger_facts import broken_facts
from tests.fixtures.mortal_postgres import MortalPostgres, mortal_postgres
from tests.fixtures.phone import Phone
from tests.fixtures.postgres_wire import Cut, Wire, wire_to
from tests.fixtures.seeds import chance
from tests.fixtures.stubborn_phone import StubbornPhone
from tests.fixtures.sweeping import pass_time

KILLS = sized(20, 500)
CUTS = sized(20, 500)
PHONES = 4
PROMISES_BETWEEN_KILLS = 12
CREDITS = 1_000_000
PAUSE_SECONDS = 0.05
SHARE_OF_CUTS = 0.4

_THERE = """
SELECT (SELECT count(*) FROM sessions WHERE id = ANY(%(sessions)s)),
       (SELECT count(*) FROM session_blocks WHERE id = ANY(%(blocks)s)),
       (SELECT count(*) FROM sessions WHERE id = ANY(%(finalized)s) AND status = 'pending_processing')
"""
_COUNTS = """
SELECT (SELECT count(*) FROM sessions),
       (SELECT count(*) FROM session_blocks),
       (SELECT count(*) FROM ai_jobs),
       (SELECT -sum(delta) FROM credit_ledger WHERE reason = 'session'),
       (SELECT count(*) FROM outbox)
"""


@pytest.fixture(scope="module")
def mortal() -> Iterator[MortalPostgres]:
    with mortal_postgres() as server:
        yield server


@pytest.fixture
def wire(postgres: Postgres) -> Iterator[Wire]:
    with wire_to(postgres.url("postgres").partition("?host=")[2]) as the_wire:
        yield the_wire


def phone_on(url: str, queue: MemoryQueue, uid: str) -> StubbornPhone:
    """A phone before a sessions function of its own."""
    db = Database(url)
    handler = http_handler(Routes(db=db, queue=queue).endpoints(), db)
    phone = Phone(handlers={"sessions": handler}, uid=uid)
    return StubbornPhone(phone=phone, db=db, before=lambda tries: time.sleep(PAUSE_SECONDS * (tries > 0)))


def hang_up(phones: Sequence[StubbornPhone]) -> None:
    for phone in phones:
        phone.db.close()


def make_rich(owner: psycopg.Connection, phones: Sequence[StubbornPhone]) -> None:
    """Each has captured something before, and can pay for all that follows."""
    for phone in phones:
        phone.capture()
    for (user_id,) in owner.execute("SELECT id FROM users").fetchall():
        set_credits(owner, user_id, CREDITS)


def every_promise_is_kept_once(owner: psycopg.Connection, phones: Sequence[StubbornPhone]) -> int:
    """How many promises there were; nothing is there that was not promised, for every phone was answered at last."""
    sessions: list[UUID] = [one for phone in phones for one in phone.sessions]
    blocks = [one for phone in phones for one in phone.blocks]
    finalized = [one for phone in phones for one in phone.finalized]
    there = owner.execute(_THERE, {"sessions": sessions, "blocks": blocks, "finalized": finalized}).fetchone()
    assert there is not None
    assert there == (len(sessions), len(blocks), len(finalized))
    assert owner.execute(_COUNTS).fetchone() == (*there, len(finalized), 2 * len(finalized))
    assert broken_facts(owner) == []
    return sum(phone.promises for phone in phones)


def every_step_is_announced(owner: psycopg.Connection, system_db: Database, queue: MemoryQueue) -> None:
    pass_time(owner, timedelta(minutes=2))
    while publish_overdue(system_db, queue):
        pass
    announced = {message.body["step_id"] for _, message in queue.sent}
    ready = owner.execute("SELECT id::text FROM job_steps WHERE state = 'ready'").fetchall()
    assert {step_id for (step_id,) in ready} == announced


@pytest.mark.timeout(0)
def test_a_postgres_killed_under_load_keeps_every_promise(mortal: MortalPostgres, record_fault: Record) -> None:
    queue, over, failures = MemoryQueue(), Event(), list[BaseException]()
    url = mortal.url("second_brain_app")
    phones = [phone_on(url, queue, f"phone-{number}") for number in range(PHONES)]
    with psycopg.connect(mortal.url(), autocommit=True) as owner:
        make_rich(owner, phones)

    def use(phone: StubbornPhone) -> None:
        try:
            while not over.is_set():
                phone.capture()
        except BaseException as error:  # noqa: BLE001 - it is raised where the test sees it
            failures.append(error)

    def promised() -> int:
        return sum(phone.promises for phone in phones)

    threads = [Thread(target=use, args=(phone,), daemon=True) for phone in phones]
    for thread in threads:
        thread.start()
    for _ in range(KILLS):
        before = promised()
        wait_until(lambda before=before: bool(failures) or promised() >= before + PROMISES_BETWEEN_KILLS)
        mortal.kill()
        mortal.start()
    over.set()
    for thread in threads:
        thread.join(60)
    assert failures == []

    with psycopg.connect(mortal.url(), autocommit=True) as owner:
        promises = every_promise_is_kept_once(owner, phones)
        system_db = Database(mortal.url("second_brain_system"))
        every_step_is_announced(owner, system_db, queue)
    system_db.close()
    hang_up(phones)
    refusals = sum((phone.refusals for phone in phones), Counter[str]())
    assert refusals.total() >= KILLS
    record_fault(
        FaultRow(
            place=4,
            fault="Postgres killed and restarted under load",
            size=f"{KILLS} kills",
            counted=f"{promises:,} acknowledged writes of {PHONES} phones, {refusals.total():,} answers of 503 "
            f"({refusals['outcome_unknown']} of which did not know whether it had been committed)",
            must_show="0 acknowledged writes lost",
        )
    )


def test_a_wire_cut_at_commit_keeps_every_promise(
    wire: Wire,
    database_name: str,
    owner: psycopg.Connection,
    system_db: Database,
    record_fault: Record,
) -> None:
    queue, dice = MemoryQueue(), chance("cuts")
    phone = phone_on(f"postgresql://second_brain_app@/{database_name}?host={wire.folder}", queue, "alice")
    make_rich(owner, [phone])
    made = Counter[Cut]()

    def maybe_cut(_: int) -> None:
        if dice.random() < SHARE_OF_CUTS:
            wire.cut_commit = "before" if dice.random() < 0.5 else "after"
            made[wire.cut_commit] += 1

    phone.before = maybe_cut
    while phone.refusals.total() < CUTS or len(made) < 2:
        phone.capture()
    wire.cut_commit = None

    promises = every_promise_is_kept_once(owner, [phone])
    every_step_is_announced(owner, system_db, queue)
    hang_up([phone])
    assert set(phone.refusals) == {"outcome_unknown"}
    record_fault(
        FaultRow(
            place=4,
            fault="connection cut at COMMIT, before or after the server heard it",
            size=f"{phone.refusals.total()} cuts",
            counted=f"{promises:,} acknowledged writes, {phone.refusals.total()} times nobody knew",
            must_show="0 acknowledged writes lost",
        )
    )
