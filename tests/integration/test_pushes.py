"""What a user is told, once for each thing, on every phone: the worker, the real SDK, an FCM at the socket."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from shared.db.connection import Database
from shared.errors import VendorDown
from shared.identity.edit_profile import edit_profile
from shared.identity.forget_device import forget_device
from shared.identity.model import ProfileChange
from shared.ids import UserId, new_id
from shared.notifications.announce_unheard_pushes import announce_unheard_pushes
from shared.notifications.model import MAX_ATTEMPTS, PUSH_QUEUE, PushKind
from shared.sessions.delete_session import delete_session
from tests.fakes.fcm_like import DOWN, GONE, OTHER_PROJECT, RESET, TAKEN, error, fcm_like
from tests.fakes.vendor_server import Answer
from tests.fixtures.captured import Backend
from tests.fixtures.pushing import MAX_RECEIVES, Telling, device_of
from tests.fixtures.sweeping import pass_time

SENT = [("processed", "sent", None)]


@pytest.fixture
def telling(backend: Backend, owner: psycopg.Connection) -> Iterator[Telling]:
    with fcm_like() as fcm:
        pusher = fcm.pusher()
        yield Telling(backend=backend, fcm=fcm, pusher=pusher, owner=owner)
        pusher.close()


def test_every_phone_of_the_user_is_told_once_and_nobody_elses(telling: Telling) -> None:
    alice = telling.user("phone", "tablet")
    telling.user("of bob", name="bob")
    session_id = telling.backend.session(alice)
    telling.announce(alice, session_id=session_id)
    assert telling.work_off() == 1
    assert telling.fcm.asked == {"phone": 1, "tablet": 1}
    assert telling.fcm.phone("phone").messages[0]["data"]["session_id"] == str(session_id)
    assert telling.states(alice) == SENT


def test_the_same_thing_is_announced_once_and_another_again(telling: Telling) -> None:
    alice = telling.user("phone")
    announced = [
        telling.announce(alice, kind, ref=ref)
        for ref in ("job-1", "job-1", "job-2")
        for kind in (PushKind.PROCESSED, PushKind.CREDITS_LOW)
    ]
    assert announced == [1, 1, 0, 0, 1, 1]


def test_a_message_that_comes_five_times_and_a_queue_that_is_redelivered_whole_push_once(telling: Telling) -> None:
    alice = telling.user("phone")
    for _ in range(5):
        telling.announce(alice)
    for _ in range(5):
        telling.work_off()
    assert telling.fcm.asked == {"phone": 5}
    assert len(telling.fcm.phone("phone").screen) == 5


def test_a_user_without_a_device_costs_no_message(telling: Telling) -> None:
    alice = telling.user()
    assert telling.announce(alice) == 0
    assert telling.states(alice) == [("processed", "skipped", "no_device")]


def test_of_three_phones_the_gone_one_is_forgotten_and_the_failing_one_alone_is_tried_again(telling: Telling) -> None:
    alice = telling.user("well", "gone", "failing")
    telling.fcm.answer("gone", GONE)
    telling.fcm.answer("failing", error(500, "INTERNAL", "INTERNAL"), DOWN, TAKEN)
    telling.announce(alice)
    assert telling.work_off() == 3
    assert telling.fcm.asked == {"well": 1, "gone": 1, "failing": 3}
    assert telling.tokens(alice) == {"well", "failing"}
    assert telling.states(alice) == SENT


def test_a_token_that_was_replaced_while_the_vendor_called_it_gone_is_kept_and_used(telling: Telling) -> None:
    alice = telling.user("old")

    def renew(token: str) -> None:
        if token == "old":
            telling.register(alice, "new", device_id=device_of("old"))

    telling.fcm.on_ask = renew
    telling.fcm.answer("old", GONE)
    telling.announce(alice)
    assert telling.work_off() == 2
    assert telling.fcm.asked == {"old": 1, "new": 1}
    assert telling.tokens(alice) == {"new"}
    assert telling.states(alice) == SENT


def test_a_device_that_signs_out_before_the_push_or_while_it_is_sent_is_no_trouble(telling: Telling) -> None:
    alice = telling.user("stays", "leaves", "left")
    telling.announce(alice)
    forget_device(telling.backend.db, alice, device_of("left"))

    def leave(token: str) -> None:
        if token == "leaves":
            forget_device(telling.backend.db, alice, device_of("leaves"))

    telling.fcm.on_ask = leave
    telling.fcm.answer("leaves", GONE)
    telling.work_off()
    assert telling.fcm.asked == {"stays": 1, "leaves": 1}
    assert telling.states(alice) == SENT


@pytest.mark.parametrize("answer", [GONE, OTHER_PROJECT, error(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT")])
def test_when_no_phone_is_left_the_push_ends_and_only_an_unregistered_token_goes(
    telling: Telling, answer: Answer
) -> None:
    alice = telling.user("only")
    telling.fcm.answer("only", answer)
    telling.announce(alice)
    assert telling.work_off() == 1
    if answer is GONE:
        assert telling.states(alice) == [("processed", "skipped", "no_device")]
        assert telling.tokens(alice) == set()
    else:
        assert telling.states(alice) == [("processed", "failed", "provider_refused")]
        assert telling.tokens(alice) == {"only"}


@pytest.mark.parametrize("kind", PushKind)
def test_what_is_muted_when_it_is_sent_is_not_sent(telling: Telling, kind: PushKind) -> None:
    alice = telling.user("phone")
    for each in PushKind:
        telling.announce(alice, each)
    muted: dict[str, Any] = {f"push_{kind}": False}
    edit_profile(telling.backend.db, alice, ProfileChange(**muted))
    telling.work_off()
    told = {message["data"]["kind"] for message in telling.fcm.phone("phone").messages}
    assert told == set(PushKind) - {kind}
    assert (kind, "skipped", "muted") in telling.states(alice)


def test_a_push_is_worded_in_the_language_of_that_moment(telling: Telling) -> None:
    alice = telling.user("phone")
    telling.announce(alice)
    edit_profile(telling.backend.db, alice, ProfileChange(preferred_language="pt-BR"))
    telling.work_off()
    assert telling.fcm.phone("phone").messages[0]["notification"]["title"] == "A sua nota está pronta"


def test_a_pause_the_vendor_asks_for_is_kept_by_every_copy_of_the_message(telling: Telling) -> None:
    alice = telling.user("phone")
    telling.fcm.answer("phone", error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", Retry_After="600"), TAKEN)
    telling.announce(alice)
    [message] = telling.messages()
    for _ in range(3):
        with pytest.raises(VendorDown) as given_back:
            telling.deliver(message)
        assert 590 < (given_back.value.retry_after_seconds or 0) <= 600
    assert telling.fcm.asked == {"phone": 1}
    pass_time(telling.owner, timedelta(seconds=600))
    telling.deliver(message)
    assert telling.fcm.asked == {"phone": 2}
    assert telling.states(alice) == SENT


def test_a_vendor_that_stays_down_is_asked_five_times_and_nothing_else_suffers(telling: Telling) -> None:
    alice = telling.user("phone", "tablet")
    telling.fcm.answer("phone", RESET)
    telling.fcm.answer("tablet", DOWN)
    telling.announce(alice)
    assert telling.work_off() == MAX_ATTEMPTS
    assert telling.states(alice) == [("processed", "failed", "provider_unavailable")]
    telling.work_off()
    assert telling.fcm.asked == {"phone": MAX_ATTEMPTS, "tablet": MAX_ATTEMPTS}


def test_a_push_that_reached_one_phone_is_sent_though_the_other_was_never_reached(telling: Telling) -> None:
    alice = telling.user("phone", "tablet")
    telling.fcm.answer("tablet", DOWN)
    telling.announce(alice)
    telling.work_off()
    assert telling.fcm.asked == {"phone": 1, "tablet": MAX_ATTEMPTS}
    assert telling.states(alice) == SENT


def test_a_dead_letter_ends_its_push_and_redriving_it_sends_nothing(telling: Telling) -> None:
    alice = telling.user("phone")
    telling.announce(alice)
    [message] = telling.messages()
    for _ in range(2):
        telling.bury(message)
    telling.deliver(message)
    assert telling.fcm.asked == {}
    assert telling.states(alice) == [("processed", "failed", "gave_up")]


def test_what_could_not_be_told_for_a_day_is_told_no_more(telling: Telling) -> None:
    alice = telling.user("phone")
    telling.announce(alice)
    pass_time(telling.owner, timedelta(hours=24, seconds=1))
    telling.work_off()
    assert telling.fcm.asked == {}
    assert telling.states(alice) == [("processed", "skipped", "stale")]


def disable(telling: Telling, user_id: UserId) -> None:
    telling.owner.execute("UPDATE users SET disabled_at = now() WHERE id = %s", [user_id])


def remove(telling: Telling, user_id: UserId) -> None:
    telling.owner.execute("DELETE FROM users WHERE id = %s", [user_id])


def delete_sessions(telling: Telling, user_id: UserId) -> None:
    rows = telling.owner.execute("SELECT id FROM sessions WHERE user_id = %s", [user_id]).fetchall()
    for (session_id,) in rows:
        delete_session(telling.backend.db, telling.backend.queue, user_id, session_id)


@pytest.mark.parametrize("happens", [disable, remove, delete_sessions])
def test_nobody_is_told_of_what_is_gone(telling: Telling, happens: Callable[[Telling, UserId], None]) -> None:
    alice = telling.user("phone")
    telling.announce(alice, session_id=telling.backend.session(alice))
    happens(telling, alice)
    assert telling.work_off() == 1
    assert telling.fcm.asked == {}


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
    second = Database(db._url)
    waits: list[int | None] = []

    def while_it_is_sent(_: str) -> None:
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
    second = Database(db._url)
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
