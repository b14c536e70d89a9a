"""How what somebody wrote on a command line, or into cdk.json, becomes a value; what is wrong is said in a sentence."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast


class WrongOption(ValueError):
    """A stage's option is missing, unknown, or has a value it cannot have. Its text says which, and what would do."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One thing that may be said about a stage, by `-c name=value` or in cdk.json."""

    name: str
    means: str
    read: Callable[[str], Any]
    """Raises ValueError, whose text says what the value must be."""


def one_of(*choices: str) -> Callable[[str], str]:
    """A reader of one of several words."""

    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text

    return read


def yes_or_no(text: str) -> bool:
    """Read what a person, a command line or JSON says for a yes or a no."""
    known = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
    if text.lower() not in known:
        raise ValueError("must be yes or no")
    return known[text.lower()]


def whole(least: int, most: int) -> Callable[[str], int]:
    """A reader of a whole number between two others, both allowed."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return read


def number(least: float, most: float, *, step: float) -> Callable[[str], float]:
    """A reader of a number between two others, both allowed, in steps."""

    def read(text: str) -> float:
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9])?", text) or not least <= float(text) <= most or float(text) % step:
            raise ValueError(f"must be a number from {least:g} to {most:g}, in steps of {step:g}")
        return float(text)

    return read


def matching(pattern: str, says: str) -> Callable[[str], str]:
    """A reader of a text that has a form; `says` describes it."""

    def read(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"must be {says}")
        return text

    return read


def list_of(pattern: str, says: str) -> Callable[[str], tuple[str, ...]]:
    """A reader of texts of a form, separated by commas."""
    read_one = matching(pattern, says)
    return lambda text: tuple(read_one(part.strip()) for part in text.split(",") if part.strip())


def read_options(options: Mapping[str, Option], said: Mapping[str, object]) -> dict[str, Any]:
    """The values of those options that were said.

    Raises:
        WrongOption: one that does not exist, or a value that does not do; all of them are named at once.
    """
    wrong: list[str] = []
    values: dict[str, Any] = {}
    for name, value in said.items():
        if name not in options:
            wrong.append(f"There is no option {name}; there are {', '.join(sorted(options))}.")
            continue
        try:
            values[name] = options[name].read(as_text(value))
        except ValueError as error:
            wrong.append(f"{name}={as_text(value)}: it {error}.")
    if wrong:
        raise WrongOption("\n".join(wrong))
    return values


def as_text(value: object) -> str:
    """What JSON or a command line holds, as a command line would say it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ",".join(str(part) for part in cast("list[object]", value))
    return str(value).strip()
