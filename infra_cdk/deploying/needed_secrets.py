"""What a stage wants of secrets, group by group, and what is wrong with what somebody gave."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from functions.catalogue import FUNCTIONS
from functions.catalogue.settings import secret_group
from infra_cdk.environments import Environment
from infra_cdk.needed_groups import groups_of, name_of

Values = Mapping[str, Mapping[str, str]]
"""The variables of each group."""

_ENCRYPTED = {"require", "verify-ca", "verify-full"}
_OWNER = "database-owner"
_SHARES_SESSIONS = re.compile(r"-pooler\.|:6543$")
"""Neon's and Supabase's poolers, which the lock of migrations does not survive."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One variable of a group, and whether functions do without it. `name` is its secret's."""

    group: str
    name: str
    variable: str
    is_optional: bool

    @property
    def asked_as(self) -> str:
        """What a file of answers calls it: each role of the database has a URL of its own."""
        return f"DATABASE_URL_{self.group.removeprefix('database-').upper()}" if self._is_url else self.variable

    @property
    def _is_url(self) -> bool:
        return self.variable == "DATABASE_URL"


def wanted_of(environment: Environment) -> tuple[Wanted, ...]:
    """Every variable that functions of the stage read out of secrets, in the order of groups."""
    found = {
        (group, variable): Wanted(
            group=group,
            name=name_of(group, environment),
            variable=variable,
            is_optional=_is_optional(variable, environment.variables),
        )
        for function in FUNCTIONS
        for variable in function.secrets
        for group in [secret_group(variable, function.database)]
        if group in groups_of(function, environment)
    }
    return tuple(found[key] for key in sorted(found))


def _is_optional(variable: str, variables: Mapping[str, str]) -> bool:
    """A key of a second choice is wanted where there is one; the secret before the present one, during a rotation."""
    choice = variable.removesuffix("_API_KEY")
    if variable != choice and ("_FALLBACK" in choice or "_PREVIOUS" in choice):
        return not variables.get(f"{choice}_PROVIDER")
    return variable.endswith("_PREVIOUS")


def missing(wanted: tuple[Wanted, ...], values: Values) -> tuple[Wanted, ...]:
    """What has no value and must have one."""
    return tuple(each for each in wanted if not each.is_optional and not values.get(each.group, {}).get(each.variable))


def wrong_urls(values: Values) -> list[str]:
    """A sentence for each URL of the database that would not do. None of them repeats a value."""
    urls = {group: held["DATABASE_URL"] for group, held in values.items() if held.get("DATABASE_URL")}
    return [f"{group}: {wrong}" for group, url in sorted(urls.items()) for wrong in _wrong(group, url)]


def _wrong(group: str, url: str) -> list[str]:
    try:
        parts = urlsplit(url)
        has_all = parts.scheme.startswith("postgres") and parts.username and parts.password and parts.hostname
    except ValueError:
        return ["DATABASE_URL is no URL."]
    if not has_all:
        return ["DATABASE_URL must be postgresql://role:password@host/database?sslmode=..."]
    said: list[str] = []
    if parse_qs(parts.query).get("sslmode", [""])[0] not in _ENCRYPTED:
        said.append("DATABASE_URL must say sslmode=require at least, better verify-full.")
    if group == _OWNER and _SHARES_SESSIONS.search(parts.netloc):
        said.append("migrations need the database's own address, not its pooler's (docs/how-to/deploy.md).")
    if (
        group != _OWNER
        and (parts.username or "").partition(".")[0] != f"second_brain_{group.removeprefix('database-')}"
    ):
        said.append(f"its role must be second_brain_{group.removeprefix('database-')}.")
    return said
