"""What the stacks of one stage are told: the environment, the bundles, and what earlier stacks have made."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra_cdk.database_access import DatabaseAccess
from infra_cdk.environments import Environment


@dataclass(frozen=True, kw_only=True)
class Keys:
    """ARNs of the keys of a stage that encrypts with its own: for everything at rest, and the vault's master key."""

    at_rest: str | None = None
    vault: str | None = None


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """One stage on its way to a template. `bundles` names the folder that holds the code of each family."""

    environment: Environment
    bundles: Mapping[str, Path]
    keys: Keys = Keys()
    database: DatabaseAccess | None = None
