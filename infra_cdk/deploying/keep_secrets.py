"""`make secrets`: puts what a stage's functions need into its secrets, and shows what is there. Never a value."""

import getpass
import sys
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from infra_cdk.deploying.aws_account import AccountRefuses, AwsAccount, SecretTooLarge, as_text
from infra_cdk.deploying.given_secrets import UnreadableAnswer, ask_for, merged, read_answers
from infra_cdk.deploying.needed_secrets import Values, Wanted, missing, wanted_of, wrong_urls
from infra_cdk.environments import Environment


def keep_secrets(environment: Environment, account: AwsAccount, file: Path | None) -> int:
    """Exit status: 0 when nothing is missing, 1 when something is, 2 when nothing could be done.

    Answers come from the file, or else from whoever sits at the terminal; without either it only shows.
    """
    wanted = wanted_of(environment)
    try:
        stored = stored_values(account, wanted)
        values = merged(wanted, stored, _answers(wanted, stored, file))
        changed = _changed(wanted, stored, values)
        for group in changed:
            account.write_group(group, values[changed[group]])
    except (AccountRefuses, SecretTooLarge, UnreadableAnswer) as error:
        print(error, file=sys.stderr)
        return 2
    Console(width=120).print(_table(environment, wanted, stored, values))
    lacking = missing(wanted, values)
    if lacking:
        print(f"Missing: {', '.join(each.asked_as for each in lacking)}.")
    return int(bool(lacking))


def stored_values(account: AwsAccount, wanted: tuple[Wanted, ...]) -> Values:
    """What each group holds now. Raises AccountRefuses."""
    names = {each.group: each.name for each in wanted}
    return {group: account.read_group(name) for group, name in names.items()}


def changed_at(account: AwsAccount, wanted: tuple[Wanted, ...]) -> datetime | None:
    """When the newest of them was changed; None when none is there. Raises AccountRefuses."""
    moments = (account.changed_at(name) for name in {each.name for each in wanted})
    return max((moment for moment in moments if moment is not None), default=None)


def _answers(wanted: tuple[Wanted, ...], stored: Values, file: Path | None) -> dict[str, str]:
    if file is not None:
        return read_answers(file)
    lacking = missing(wanted, stored)
    # The owner's URL comes first: those of the other roles can be made of it.
    owner = tuple(each for each in lacking if each.group == "database-owner")
    others = tuple(each for each in lacking if each.variable != "DATABASE_URL")
    return ask_for((*owner, *others), getpass.getpass) if sys.stdin.isatty() else {}


def _changed(wanted: tuple[Wanted, ...], stored: Values, values: Values) -> dict[str, str]:
    """The names of secrets to write, with their groups: all of them will do, and fit, before one is sent."""
    if wrong := wrong_urls(values):
        raise UnreadableAnswer("\n".join(wrong))
    names = {each.group: each.name for each in wanted}
    changed = {names[group]: group for group, held in values.items() if held != stored.get(group)}
    for name, group in changed.items():
        as_text(name, values[group])
    return changed


def _table(environment: Environment, wanted: tuple[Wanted, ...], stored: Values, values: Values) -> Table:
    place = "Secrets Manager" if environment.has_secrets_manager else "Parameter Store"
    table = Table("secret", "variable", "state", title=f"{environment.stage}, in {place}")
    for each in wanted:
        table.add_row(each.name, each.variable, _state(each, stored, values))
    return table


def _state(each: Wanted, stored: Values, values: Values) -> str:
    before, now = (held.get(each.group, {}).get(each.variable) for held in (stored, values))
    if not now:
        return "none, which is well" if each.is_optional else "MISSING"
    return "there" if before == now else "changed" if before else "new"
