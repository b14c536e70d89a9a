"""The arithmetic of providers' time, added up for every function of the catalogue that asks one."""

import math
import re
from types import SimpleNamespace

import pytest

from functions.catalogue import FUNCTIONS
from shared.ai.budget import (
    ASK_SECONDS,
    MARGIN_SECONDS,
    MAX_PROVIDERS,
    NOTING_SECONDS,
    SEARCH_SECONDS,
    WORKER_SECONDS,
    try_seconds,
)
from shared.db.write_patiently import write_patiently
from shared.errors import Busy
from tests.architecture.source import ROOT

BY_NAME = {function.name: function for function in FUNCTIONS}
SECOND = re.compile("_(FALLBACK|PREVIOUS)_")
CAPABILITIES = ("SPEECH_", "VISION_", "EMBEDDING_", "CHAT_")


def _is_asked_by(setting: str) -> bool:
    return setting.startswith(CAPABILITIES)


ASKING_NAMES = [function.name for function in FUNCTIONS if any(map(_is_asked_by, function.settings))]


@pytest.mark.parametrize("name", ASKING_NAMES)
@pytest.mark.parametrize("providers", range(1, MAX_PROVIDERS + 1))
def test_all_tries_of_all_providers_end_five_seconds_before_their_function(name: str, providers: int) -> None:
    function = BY_NAME[name]
    in_turn = _in_turn(name)
    tries = [try_seconds(seconds, providers) for seconds in in_turn for _ in range(providers)]
    assert len(in_turn) == len({setting.partition("_")[0] for setting in function.settings if _is_asked_by(setting)})
    assert MARGIN_SECONDS >= 5
    assert sum(tries) < function.timeout_seconds - MARGIN_SECONDS


@pytest.mark.parametrize("name", ASKING_NAMES)
def test_what_providers_leave_of_the_time_is_enough_to_write_down_what_they_did(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the pauses, and though each try waits for a lock for as long as it may."""
    passed = [0.0]
    clock = SimpleNamespace(monotonic=lambda: sum(passed), sleep=passed.append)
    monkeypatch.setattr("shared.db.write_patiently.time", clock)
    monkeypatch.setattr("shared.db.write_patiently.random", SimpleNamespace(uniform=lambda _, longest: longest))

    def write() -> None:
        passed.append(_lock_seconds())
        raise Busy("locked")

    with pytest.raises(Busy):
        write_patiently(write, begun_within_seconds=NOTING_SECONDS if name == "ask" else math.inf)
    assert passed.count(_lock_seconds()) == (2 if name == "ask" else 3)
    assert sum(_in_turn(name)) + sum(passed) < BY_NAME[name].timeout_seconds
    assert name != "ask" or sum(passed) <= MARGIN_SECONDS


def _in_turn(name: str) -> list[float]:
    """What each capability it asks may take."""
    if name == "ask":
        return [SEARCH_SECONDS, ASK_SECONDS]
    return [SEARCH_SECONDS if BY_NAME[name].routes else WORKER_SECONDS]


def _lock_seconds() -> float:
    """How long the functions' role waits for a lock."""
    sql = (ROOT / "shared/db/migrations/sql/0001_foundation.up.sql").read_text()
    (seconds,) = re.findall(r"ALTER ROLE second_brain_app SET lock_timeout = '(\d+)s';", sql)
    return float(seconds)


def test_a_function_that_asks_a_provider_asks_for_one_message_at_a_time() -> None:
    batches = {trigger.batch_size for name in ASKING_NAMES for trigger in BY_NAME[name].queues}
    assert batches == {1}


def test_whoever_asks_a_provider_may_name_a_second_choice() -> None:
    for name in ASKING_NAMES:
        given = {*BY_NAME[name].settings, *BY_NAME[name].secrets}
        firsts = {name for name in given if name.startswith(CAPABILITIES) and not SECOND.search(name)}
        seconds = {setting for setting in given if "_FALLBACK_" in setting}
        assert seconds == {setting.replace("_", "_FALLBACK_", 1) for setting in firsts}


def test_whoever_embeds_may_name_the_model_users_are_moved_away_from() -> None:
    for name in ASKING_NAMES:
        given = {*BY_NAME[name].settings, *BY_NAME[name].secrets}
        parts = {f"EMBEDDING_PREVIOUS_{part}" for part in ("PROVIDER", "BASE_URL", "MODEL", "API_KEY")}
        assert given & parts == (parts if "EMBEDDING_PROVIDER" in given else set())
