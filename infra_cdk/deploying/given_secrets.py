"""What somebody gives of a stage's secrets: a file of `NAME=value` lines, or answers nobody sees."""

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from infra_cdk.deploying.needed_secrets import Values, Wanted

_PASSWORD_BYTES = 32


class UnreadableAnswer(ValueError):
    """A line, or a file it names, cannot be read. Its text names places and no value."""


def read_answers(path: Path) -> dict[str, str]:
    """The names and values of a file: `NAME=value`, quoted or not, or `NAME=@other-file` for what has many lines.

    Raises UnreadableAnswer.
    """
    answers: dict[str, str] = {}
    for number, line in enumerate(_text(path).splitlines(), start=1):
        name, equals, value = line.removeprefix("export ").partition("=")
        if line.strip() and not line.lstrip().startswith("#"):
            if not equals or not name.strip().isidentifier():
                raise UnreadableAnswer(f"{path.name}, line {number}: it must be NAME=value.")
            answers[name.strip()] = value_of(_unquoted(value.strip()), beside=path.parent)
    return answers


def ask_for(wanted: tuple[Wanted, ...], ask: Callable[[str], str]) -> dict[str, str]:
    """What a person answers, by the name it is asked as; nothing for those they leave empty."""
    answers = {each.asked_as: value_of(ask(f"{each.asked_as} (nobody sees it; @file for a file): ")) for each in wanted}
    return {name: value for name, value in answers.items() if value}


def value_of(text: str, *, beside: Path = Path()) -> str:
    """The text itself, or what the file holds that it names by an `@`. Raises UnreadableAnswer."""
    return _text(beside / text[1:]).strip() if text.startswith("@") else text


def merged(wanted: tuple[Wanted, ...], stored: Values, answers: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What each group is to hold: what it holds, what was answered, and URLs of roles made of the owner's."""
    groups = {each.group: dict(stored.get(each.group, {})) for each in wanted}
    for each in wanted:
        if answers.get(each.asked_as):
            groups[each.group][each.variable] = answers[each.asked_as]
    owner_url = groups.get("database-owner", {}).get("DATABASE_URL")
    for each in wanted:
        if owner_url and each.variable == "DATABASE_URL" and not groups[each.group].get("DATABASE_URL"):
            groups[each.group]["DATABASE_URL"] = _url_of_role(owner_url, each.group)
    return {group: values for group, values in groups.items() if values}


def _url_of_role(owner_url: str, group: str) -> str:
    """The same database for another role, with a new password of 256 bits.

    Supabase's pooler is told the project behind a role's name: `postgres.project`.
    """
    parts = urlsplit(owner_url)
    project = "".join((parts.username or "").partition(".")[1:])
    role = f"second_brain_{group.removeprefix('database-')}{project}"
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{secrets.token_urlsafe(_PASSWORD_BYTES)}@{host}"))


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableAnswer(f"{path}: cannot be read.") from error
