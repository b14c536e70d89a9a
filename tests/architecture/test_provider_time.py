"""The arithmetic of providers' time, added up for every function of the catalogue that asks one."""

import re

import pytest

from functions.catalogue import FUNCTIONS
from shared.ai.budget import ASK_SECONDS, MARGIN_SECONDS, MAX_PROVIDERS, SEARCH_SECONDS, WORKER_SECONDS, try_seconds

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
    in_turn = (
        [SEARCH_SECONDS, ASK_SECONDS] if name == "ask" else [SEARCH_SECONDS if function.routes else WORKER_SECONDS]
    )
    tries = [try_seconds(seconds, providers) for seconds in in_turn for _ in range(providers)]
    assert len(in_turn) == len({setting.partition("_")[0] for setting in function.settings if _is_asked_by(setting)})
    assert MARGIN_SECONDS >= 5
    assert sum(tries) < function.timeout_seconds - MARGIN_SECONDS


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
