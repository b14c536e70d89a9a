"""Reads a function's settings from its environment, and from the secrets it names, once, at Init.

Settings are text and numbers: a dataclass reads them in no time, where building one pydantic model costs every
function's Init (docs/adr/0010-endpoints-looked-up-by-route-key.md).
"""

import os
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, TypeVar, dataclass_transform

from shared.config.read_secrets import NAMES_VARIABLE, read_secrets
from shared.config.settings_error import SettingsError as SettingsError

EMULATOR_VARIABLES = ("FIREBASE_AUTH_EMULATOR_HOST", "FIREBASE_EMULATOR_HUB")
"""With one of these set, Firebase's SDK accepts unsigned tokens (docs/architecture.md, "Authentication")."""


@dataclass_transform(kw_only_default=True, frozen_default=True)
@dataclass(frozen=True, kw_only=True, repr=False)
class Settings:
    """Base of each handler's own small settings class, which becomes a frozen dataclass.

    A field `database_url` is the variable DATABASE_URL; its type is str, `str | None`, int or float.
    Its repr names no value, for some are secret.
    """

    stage: str = "prod"

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, kw_only=True, repr=False)(cls)


SettingsT = TypeVar("SettingsT", bound=Settings)


def load(model: type[SettingsT], environment: Mapping[str, str] | None = None) -> SettingsT:
    """Read `model` from the environment, and what SECRET_IDS names. SettingsError names each missing or wrong variable.

    A name stands in one of the two: what is rotated in a secret must not be hidden by a variable left behind.
    """
    source = os.environ if environment is None else environment
    _refuse_emulators(source)
    names = [field.name.upper() for field in fields(model)]
    given = {name: source.get(name, "").strip() for name in names}
    secret = {name: text.strip() for name, text in read_secrets(source).items() if name in given}
    if doubled := [name for name in secret if given[name]]:
        raise SettingsError(f"Both a variable and a secret hold {', '.join(doubled)}: remove the variable.")
    values, wrong = _parsed(model, given | secret)
    if wrong:
        where = f" (or put secret ones into {source[NAMES_VARIABLE]})" if source.get(NAMES_VARIABLE) else ""
        raise SettingsError(f"Set these environment variables and start again{where}: {', '.join(wrong)}.")
    return model(**values)


def _parsed(model: type[Settings], texts: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """What the fields are, and what is wrong with those that cannot be."""
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for field in fields(model):
        name = field.name.upper()
        try:
            values |= {field.name: _read(field, texts[name])} if texts[name] else {}
        except ValueError:
            wrong.append(f"{name} must be {_name(field)}")
        if not texts[name] and field.default is MISSING:
            wrong.append(f"{name} is missing")
    return values, wrong


def _read(field: "Field[Any]", text: str) -> str | int | float:
    readers = {"int": int, "float": float}
    return readers.get(_name(field), str)(text)


def _name(field: "Field[Any]") -> str:
    return field.type if isinstance(field.type, str) else getattr(field.type, "__name__", "str")


def _refuse_emulators(source: Mapping[str, str]) -> None:
    present = [name for name in EMULATOR_VARIABLES if source.get(name)]
    if present and source.get("STAGE") != "local":
        raise SettingsError(f"{', '.join(present)} would switch token checks off: remove it outside local mode.")
