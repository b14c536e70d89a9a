"""What a user is told, once for each thing, on every phone: the worker, the real SDK, an FCM at the socket."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.db.connection import Database
from shared.errors import VendorDown
from shared.identity.edit_profile import edit_profile
from shared.identity.forget_device import forget_device
from shared.identity.model import ProfileChange
from shared.ids import UserId
from shared.notifications.announce_unheard_pushes import announce_unheard_pushes
from shared.notifications.model import MAX_ATTEMPTS, PushKind
from shared.sessions.delete_session import delete_session
from tests.fakes.fcm_like import DOWN, GONE, OTHER_PROJECT, RESET, TAKEN, error
from tests.fakes.vendor_server import Answer
from tests.fixtures.pushing import Telling, device_of
from tests.fixtures.sweeping import pass_time

SENT = [("processed", "sent", None)]


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


def test_a_pause_longer_than_a_queue_holds_a_message_back_uses_no_receives_up(
    telling: Telling, system_db: Database
) -> None:
    alice = telling.user("phone")
    telling.fcm.answer("phone", error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", Retry_After="36000"), TAKEN)
    telling.announce(alice)
    [message] = telling.messages()
    assert telling.deliver_until_done(message) == 1
    assert telling.deliver_until_done(message) == 1  # another copy of it
    pass_time(telling.owner, timedelta(hours=10))
    assert announce_unheard_pushes(system_db, telling.backend.queue) == 0  # a queue may still have it
    pass_time(telling.owner, timedelta(minutes=16))
    assert announce_unheard_pushes(system_db, telling.backend.queue) == 1
    telling.work_off()
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
