"""A provider that an administrator switched off is asked by nobody from the next message on."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from shared.ai.circuit import FAILURES_TO_OPEN
from shared.db.connection import Database
from shared.errors import ProviderPaused, VendorDown
from shared.ids import UserId
from shared.notifications.announce_unheard_pushes import announce_unheard_pushes
from shared.switches.list_switches import list_switches
from shared.switches.model import FCM, LOOK_AGAIN_SECONDS
from shared.switches.turn_switch import turn_switch
from tests.fixtures.chained import DEAD, WELL, TwoProviders, let_the_window_pass, summary_of, two_providers
from tests.fixtures.pushing import MAX_RECEIVES, Telling
from tests.fixtures.sweeping import pass_time

ADMINISTRATOR = UserId(uuid4())


@pytest.fixture
def providers() -> Iterator[TwoProviders]:
    with two_providers() as both:
        yield both


def turn(system_db: Database, provider: str, *, is_off: bool) -> bool:
    with system_db.transaction(None) as tx:
        return turn_switch(tx, provider, is_off=is_off, reason="It leaks.", changed_by=ADMINISTRATOR)


def test_switched_off_between_two_messages_the_second_goes_to_the_next_in_the_chain(
    providers: TwoProviders, db: Database, system_db: Database
) -> None:
    chain = providers.chain(db)
    assert summary_of(chain).usage.provider == "first"
    assert turn(system_db, "first", is_off=True)
    assert [summary_of(chain).usage.provider for _ in range(3)] == ["second"] * 3
    assert providers.asked() == (1, 3)
    assert turn(system_db, "first", is_off=False)
    assert summary_of(chain).usage.provider == "first"
    assert providers.asked() == (2, 3)


def test_with_nobody_left_to_ask_the_step_is_put_off_and_nobody_is_asked(
    providers: TwoProviders, db: Database, system_db: Database
) -> None:
    chain = providers.chain(db)
    for provider in ("first", "second"):
        turn(system_db, provider, is_off=True)
    with pytest.raises(ProviderPaused) as paused:
        summary_of(chain)
    assert LOOK_AGAIN_SECONDS <= (paused.value.retry_after_seconds or 0) <= 1.2 * LOOK_AGAIN_SECONDS
    assert providers.asked() == (0, 0)


def test_a_switch_is_of_a_provider_whatever_it_is_asked_for_and_of_no_other(
    providers: TwoProviders, db: Database, system_db: Database
) -> None:
    turn(system_db, "third", is_off=True)
    turn(system_db, "FIRST", is_off=True)
    assert summary_of(providers.chain(db)).usage.provider == "first"


def test_no_probe_goes_to_a_provider_that_is_switched_off_while_its_circuit_is_half_open(
    providers: TwoProviders, db: Database, system_db: Database, owner: psycopg.Connection
) -> None:
    providers.first.answer_with(DEAD)
    chain = providers.chain(db, links=1)
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(VendorDown):
            summary_of(chain)
    turn(system_db, "first", is_off=True)
    let_the_window_pass(owner)
    providers.first.answer_with(WELL)
    for _ in range(3):
        with pytest.raises(ProviderPaused):
            summary_of(chain)
    assert providers.asked() == (FAILURES_TO_OPEN, 0)
    turn(system_db, "first", is_off=False)
    assert summary_of(chain).usage.provider == "first"


def test_a_switch_is_turned_once_and_keeps_who_and_why(db: Database, system_db: Database) -> None:
    assert not turn(system_db, "first", is_off=False)  # it was on
    assert [turn(system_db, "first", is_off=True) for _ in range(2)] == [True, False]
    with db.transaction(None) as tx:
        (switch,) = list_switches(tx)
    assert (switch.provider, switch.is_off, switch.reason, switch.changed_by) == (
        "first",
        True,
        "It leaks.",
        ADMINISTRATOR,
    )


def test_the_app_role_turns_no_switch(db: Database) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        turn(db, "first", is_off=True)


def test_pushes_wait_for_their_vendor_and_are_sent_once_it_is_on_again(
    telling: Telling, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = telling.user("phone-1")
    telling.announce(user_id)
    (message,) = telling.messages()
    turn(system_db, FCM, is_off=True)
    for _ in range(MAX_RECEIVES + 1):  # no receive too many makes a dead letter of it
        telling.deliver(message)
    assert telling.fcm.asked.total() == 0
    pass_time(owner, timedelta(minutes=16))
    assert announce_unheard_pushes(system_db, telling.backend.queue) == 1
    turn(system_db, FCM, is_off=False)
    assert telling.work_off() == 2  # the first message is there still
    assert telling.states(user_id) == [("processed", "sent", None)]
    assert telling.fcm.asked["phone-1"] == 1
