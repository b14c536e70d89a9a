"""Settings: read once, complete, and never with the token checks switched off."""

import pytest

from shared.aws.settings import AwsSettings
from shared.config.environment import EMULATOR_VARIABLES, Settings, SettingsError, load

SECRET = "postgresql://user:hunter2@db/x"
AWS = {"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "hunter2"}


class Wanted(Settings):
    database_url: str
    tries: int = 3


def test_a_field_is_the_variable_of_its_name_in_capitals() -> None:
    settings = load(Wanted, {"DATABASE_URL": f" {SECRET} ", "TRIES": "5", "PATH": "/bin"})
    assert (settings.database_url, settings.tries, settings.stage) == (SECRET, 5, "prod")


@pytest.mark.parametrize("environment", [{}, {"DATABASE_URL": ""}, {"database_url": SECRET}])
def test_a_missing_variable_is_named(environment: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        load(Wanted, environment)


def test_every_wrong_variable_is_named_and_no_value_is_shown() -> None:
    with pytest.raises(SettingsError) as refused:
        load(Wanted, {"TRIES": "hunter2"})
    assert "DATABASE_URL" in str(refused.value)
    assert "TRIES" in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("variable", EMULATOR_VARIABLES)
@pytest.mark.parametrize("stage", [None, "prod", "staging"])
def test_an_emulator_variable_outside_local_mode_stops_the_start(variable: str, stage: str | None) -> None:
    environment = {"DATABASE_URL": SECRET, variable: "localhost:9099"} | ({"STAGE": stage} if stage else {})
    with pytest.raises(SettingsError, match=variable):
        load(Wanted, environment)


@pytest.mark.parametrize("variable", EMULATOR_VARIABLES)
def test_an_emulator_variable_is_fine_in_local_mode(variable: str) -> None:
    environment = {"DATABASE_URL": SECRET, variable: "localhost:9099", "STAGE": "local"}
    assert load(Wanted, environment).stage == "local"


def test_the_functions_own_key_never_shows_in_a_repr() -> None:
    assert "hunter2" not in repr(load(AwsSettings, AWS).credentials())


def test_settings_made_by_hand_are_complete_and_cannot_be_changed() -> None:
    settings = Wanted(database_url=SECRET)
    assert settings.tries == 3
    assert "hunter2" not in repr(settings)
    with pytest.raises(AttributeError, match="tries"):
        settings.tries = 4  # pyright: ignore[reportAttributeAccessIssue] - what is tested
    with pytest.raises(TypeError, match=r"\['database_url'\] missing, \['retries'\] unknown"):
        Wanted(retries=3)  # pyright: ignore[reportCallIssue] - what is tested
