"""Reads a function's settings from its environment, and from the secrets it names, once, at Init.

Settings are text and numbers, so their classes are read as they are written: a dataclass of each compiles six methods
at Init, a pydantic model costs more still (docs/adr/0010, 0043).
"""

import os
from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar, dataclass_transform

from shared.config.read_secrets import NAMES_VARIABLE, read_secrets
from shared.config.settings_error import SettingsError as SettingsError

EMULATOR_VARIABLES = ("FIREBASE_AUTH_EMULATOR_HOST", "FIREBASE_EMULATOR_HUB")
"""With one of these set, Firebase's SDK accepts unsigned tokens (docs/architecture.md, "Authentication")."""

_READERS = {"int": int, "float": float}


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Settings:
    """Base of each handler's own small settings class: what a class and its bases annotate are its fields.

    A field `database_url` is the variable DATABASE_URL; its type is str, `str | None`, int or float. Settings cannot
    be changed. Their repr names no value, for some are secret.
    """

    stage: str = "prod"

    def __init__(self, **values: str | float | None) -> None:
        """TypeError names what is missing, and what is no field."""
        fields = self.fields()
        missing = [name for name in fields if name not in values and not self.has_default(name)]
        if missing or values.keys() - fields:
            raise TypeError(f"{type(self).__name__}: {missing} missing, {sorted(values.keys() - fields)} unknown")
        vars(self).update(values)
        self.__post_init__()

    def __post_init__(self) -> None:
        """Refuse values that do not go together, by SettingsError."""

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} cannot be changed: {name}")

    @classmethod
    def fields(cls) -> dict[str, str]:
        """The name of each field, and that of its type: those of the bases first."""
        written = [vars(one).get("__annotations__", {}) for one in reversed(cls.__mro__)]
        return {name: getattr(kind, "__name__", "str") for some in written for name, kind in some.items()}

    @classmethod
    def has_default(cls, name: str) -> bool:
        """Whether that field may be left out."""
        return hasattr(cls, name)


SettingsT = TypeVar("SettingsT", bound=Settings)


def load(model: type[SettingsT], environment: Mapping[str, str] | None = None) -> SettingsT:
    """Read `model` from the environment, and what SECRET_IDS names. SettingsError names each missing or wrong variable.

    A name stands in one of the two: what is rotated in a secret must not be hidden by a variable left behind.
    """
    source = os.environ if environment is None else environment
    _refuse_emulators(source)
    names = [name.upper() for name in model.fields()]
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
    for name, kind in model.fields().items():
        text = texts[name.upper()]
        try:
            values |= {name: _READERS.get(kind, str)(text)} if text else {}
        except ValueError:
            wrong.append(f"{name.upper()} must be {kind}")
        if not text and not model.has_default(name):
            wrong.append(f"{name.upper()} is missing")
    return values, wrong


def _refuse_emulators(source: Mapping[str, str]) -> None:
    present = [name for name in EMULATOR_VARIABLES if source.get(name)]
    if present and source.get("STAGE") != "local":
        raise SettingsError(f"{', '.join(present)} would switch token checks off: remove it outside local mode.")
