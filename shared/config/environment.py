"""Reads a function's settings from its environment, once, at Init.

Settings are text and numbers: a dataclass reads them in no time, where building one pydantic model costs every
function's Init (docs/adr/0010-endpoints-looked-up-by-route-key.md).
"""

import os
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, TypeVar, dataclass_transform

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


class SettingsError(RuntimeError):
    """The environment lacks something, or holds something it must not."""


def load(model: type[SettingsT], environment: Mapping[str, str] | None = None) -> SettingsT:
    """Read `model` from the environment. Raises SettingsError naming each missing or wrong variable."""
    source = os.environ if environment is None else environment
    _refuse_emulators(source)
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for field in fields(model):
        text = source.get(field.name.upper(), "").strip()
        try:
            values |= {field.name: _read(field, text)} if text else {}
        except ValueError:
            wrong.append(f"{field.name.upper()} must be {_name(field)}")
        if not text and field.default is MISSING:
            wrong.append(f"{field.name.upper()} is missing")
    if wrong:
        raise SettingsError(f"Set these environment variables and start again: {', '.join(wrong)}.")
    return model(**values)


def _read(field: "Field[Any]", text: str) -> str | int | float:
    readers = {"int": int, "float": float}
    return readers.get(_name(field), str)(text)


def _name(field: "Field[Any]") -> str:
    return field.type if isinstance(field.type, str) else getattr(field.type, "__name__", "str")


def _refuse_emulators(source: Mapping[str, str]) -> None:
    present = [name for name in EMULATOR_VARIABLES if source.get(name)]
    if present and source.get("STAGE") != "local":
        raise SettingsError(f"{', '.join(present)} would switch token checks off: remove it outside local mode.")
