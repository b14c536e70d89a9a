"""Reads a function's settings from its environment, once, at Init."""

import os
from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

EMULATOR_VARIABLES = ("FIREBASE_AUTH_EMULATOR_HOST", "FIREBASE_EMULATOR_HUB")
"""With one of these set, Firebase's SDK accepts unsigned tokens (docs/architecture.md, "Authentication")."""


class Settings(BaseModel):
    """Base of each handler's own small settings model.

    A field `database_url` is the variable DATABASE_URL.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    stage: str = "prod"


SettingsT = TypeVar("SettingsT", bound=Settings)


class SettingsError(RuntimeError):
    """The environment lacks something, or holds something it must not."""


def load(model: type[SettingsT], environment: Mapping[str, str] | None = None) -> SettingsT:
    """Read `model` from the environment. Raises SettingsError naming each missing or wrong variable."""
    source = os.environ if environment is None else environment
    _refuse_emulators(source)
    values = {name: source[name.upper()] for name in model.model_fields if source.get(name.upper())}
    try:
        return model.model_validate(values)
    except ValidationError as error:
        wrong = ", ".join(f"{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"Set these environment variables and start again. {wrong}") from error


def _refuse_emulators(source: Mapping[str, str]) -> None:
    present = [name for name in EMULATOR_VARIABLES if source.get(name)]
    if present and source.get("STAGE") != "local":
        raise SettingsError(f"{', '.join(present)} would switch token checks off: remove it outside local mode.")
