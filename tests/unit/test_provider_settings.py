"""A first choice, a second, and what is refused before anything is asked."""

import pytest

from dev.providers import is_anything_local, provider_settings
from shared.ai.settings import ChatSettings, EmbeddingSettings, SpeechSettings
from shared.config.environment import SettingsError, load

KEYS = {"GROQ_API_KEY": "g", "OPENAI_API_KEY": "o", "DEEPSEEK_API_KEY": "d"}
LOCAL_URL = "http://127.0.0.1:9"


def embedding(**changes: str) -> dict[str, str]:
    first = {"PROVIDER": "openai", "BASE_URL": "https://one", "MODEL": "text-embedding-3-small", "API_KEY": "k1"}
    return {f"EMBEDDING_{part}": value for part, value in first.items()} | {
        f"EMBEDDING_FALLBACK_{part}": value for part, value in changes.items()
    }


SECOND = {
    "PROVIDER": "other-host",
    "BASE_URL": "https://two",
    "MODEL": "openai/text-embedding-3-small",
    "API_KEY": "k2",
}


def test_without_a_second_choice_there_is_one() -> None:
    assert [each.provider for each in load(EmbeddingSettings, embedding()).endpoints()] == ["openai"]


def test_another_host_of_the_same_model_may_embed() -> None:
    endpoints = load(EmbeddingSettings, embedding(**SECOND)).endpoints()
    assert [each.base_url for each in endpoints] == ["https://one", "https://two"]


def test_another_model_may_not_embed() -> None:
    with pytest.raises(SettingsError, match="cannot be compared"):
        load(EmbeddingSettings, embedding(**SECOND | {"MODEL": "all-MiniLM-L6-v2"})).endpoints()


@pytest.mark.parametrize("part", SECOND)
def test_half_a_second_choice_is_none(part: str) -> None:
    with pytest.raises(SettingsError, match=f"EMBEDDING_FALLBACK_{part}"):
        load(EmbeddingSettings, embedding(**SECOND | {part: ""})).endpoints()


def test_a_second_choice_has_a_name_of_its_own() -> None:
    with pytest.raises(SettingsError, match="name it otherwise"):
        load(EmbeddingSettings, embedding(**SECOND | {"PROVIDER": "openai"})).endpoints()


def chains(environment: dict[str, str]) -> tuple[list[str], list[str]]:
    settings = provider_settings(environment, local_url=LOCAL_URL)
    speech, chat = load(SpeechSettings, settings).endpoints(), load(ChatSettings, settings).endpoints()
    return [each.provider for each in speech], [each.provider for each in chat]


def test_two_keys_make_a_chain_and_one_key_does_not() -> None:
    assert chains(KEYS) == (["groq", "openai"], ["deepseek", "openai"])
    assert chains({"GROQ_API_KEY": "g"}) == (["groq"], ["local"])
    assert chains({"OPENAI_API_KEY": "o"}) == (["local"], ["local"])


def test_a_chain_can_be_switched_off_and_named_otherwise() -> None:
    assert chains(KEYS | {"AI_FALLBACK": "none"}) == (["groq"], ["deepseek"])
    assert chains(KEYS | {"AI_PROVIDER": "local"}) == (["local"], ["local"])
    named = {f"SPEECH_FALLBACK_{part}": part.lower() for part in ("PROVIDER", "BASE_URL", "MODEL", "API_KEY")}
    assert chains(KEYS | named)[0] == ["groq", "provider"]


PREVIOUS = {"PROVIDER": "openai", "BASE_URL": "https://one", "MODEL": "text-embedding-ada-002", "API_KEY": "k1"}


def with_previous(**changes: str) -> EmbeddingSettings:
    given = {f"EMBEDDING_PREVIOUS_{part}": value for part, value in (PREVIOUS | changes).items()}
    return load(EmbeddingSettings, embedding() | given)


def test_the_model_users_are_moved_away_from_may_be_of_the_same_provider() -> None:
    previous = with_previous().previous_endpoint()
    assert previous is not None
    assert (previous.provider, previous.model) == ("openai", "text-embedding-ada-002")
    assert load(EmbeddingSettings, embedding()).previous_endpoint() is None


@pytest.mark.parametrize("part", PREVIOUS)
def test_half_a_previous_model_is_none(part: str) -> None:
    with pytest.raises(SettingsError, match=f"EMBEDDING_PREVIOUS_{part}"):
        with_previous(**{part: ""}).previous_endpoint()


def test_nobody_is_moved_from_a_model_to_itself() -> None:
    with pytest.raises(SettingsError, match="as is EMBEDDING_MODEL"):
        with_previous(MODEL="openai/text-embedding-3-small").previous_endpoint()


def test_the_local_model_is_named_as_the_previous_one_by_its_name_alone() -> None:
    settings = provider_settings(KEYS | {"EMBEDDING_PREVIOUS_PROVIDER": "local"}, local_url=LOCAL_URL)
    previous = load(EmbeddingSettings, settings).previous_endpoint()
    assert previous is not None
    assert (previous.base_url, previous.model) == (f"{LOCAL_URL}/v1", "all-MiniLM-L6-v2")
    assert is_anything_local(settings)
