"""Pushes that meet one another: copies of a message, two workers, phones that change hands, lost messages."""

from datetime import timedelta

import pytest

from shared.db.connection import Database
from shared.errors import VendorDown
from shared.ids import new_id
from shared.notifications.announce_unheard_pushes import announce_unheard_pushes
from shared.notifications.model import MAX_ATTEMPTS, PUSH_QUEUE
from tests.fakes.fcm_like import DOWN, TAKEN
from tests.fixtures.pushing import MAX_RECEIVES, Telling
from tests.fixtures.sweeping import pass_time

SENT = [("processed", "sent", None)]


def test_another_users_message_moves_nothing(telling: Telling) -> None:
    alice, bob = telling.user("phone"), telling.user("of bob", name="bob")
    telling.announce(alice)
    [message] = telling.messages()
    telling.deliver(message.model_copy(update={"user_id": bob}))
    telling.bury(message.model_copy(update={"user_id": bob}))
    assert telling.fcm.asked == {}
    assert telling.states(alice) == [("processed", "pending", None)]


def test_two_workers_with_copies_of_one_message_push_once(telling: Telling, db: Database) -> None:
    alice = telling.user("phone")
    telling.announce(alice)
    [message] = telling.messages()
    second = Database(db._url.libpq)
    waits: list[int | None] = []

    def while_it_is_sent(_: str) -> None:
        telling.fcm.on_ask = lambda _: None  # should the second one get through, it is not to call a third
        with pytest.raises(VendorDown) as given_back:
            telling.deliver(message, second)
        waits.append(given_back.value.retry_after_seconds)

    telling.fcm.on_ask = while_it_is_sent
    telling.deliver(message)
    telling.deliver(message, second)
    second.close()
    assert telling.fcm.asked == {"phone": 1}
    assert [30 < (wait or 0) <= 40 for wait in waits] == [True]


def test_a_worker_that_lost_its_lease_records_whom_it_told_and_decides_nothing(telling: Telling, db: Database) -> None:
    """Paused past its lease before it sends: another worker has sent meanwhile. The phone shows one."""
    alice = telling.user("phone")
    telling.announce(alice)
    [message] = telling.messages()
    second = Database(db._url.libpq)
    paused = [True]

    def overtake(_: str) -> None:
        if paused:
            paused.clear()
            pass_time(telling.owner, timedelta(seconds=41))
            telling.deliver(message, second)

    telling.fcm.on_ask = overtake
    telling.fcm.answer("phone", TAKEN, DOWN)
    with pytest.raises(VendorDown):
        telling.deliver(message)
    telling.deliver(message)
    second.close()
    assert telling.fcm.asked == {"phone": 2}
    assert len(telling.fcm.phone("phone").screen) == 1
    assert telling.states(alice) == SENT


def test_a_phone_that_changed_hands_tells_its_new_user_only(telling: Telling) -> None:
    alice, bob = telling.user("shared phone", "tablet"), telling.user(name="bob")
    telling.register(bob, "shared phone", device_id=new_id())
    for user_id in (alice, bob):
        telling.announce(user_id)
    telling.work_off()
    assert telling.fcm.asked == {"tablet": 1, "shared phone": 1}
    assert telling.tokens(alice) == {"tablet"}


def test_two_installations_that_share_a_token_are_one_phone(telling: Telling) -> None:
    alice = telling.user("phone")
    telling.register(alice, "phone", device_id=new_id())
    telling.announce(alice)
    telling.work_off()
    assert telling.fcm.asked == {"phone": 1}


def test_the_sweep_announces_a_push_whose_message_was_lost(telling: Telling, system_db: Database) -> None:
    alice = telling.user("phone")
    telling.announce(alice)
    telling.messages()
    telling._seen.clear()
    queue = telling.backend.queue
    assert announce_unheard_pushes(system_db, queue) == 0
    pass_time(telling.owner, timedelta(minutes=16))
    assert announce_unheard_pushes(system_db, queue) == 1
    assert announce_unheard_pushes(system_db, queue) == 0
    assert queue.names() == [PUSH_QUEUE]
    telling.work_off()
    assert telling.states(alice) == SENT


def test_the_queue_receives_often_enough_for_every_try() -> None:
    assert MAX_RECEIVES > MAX_ATTEMPTS
