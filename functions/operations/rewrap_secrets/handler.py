"""Builds the rewrap-secrets function, run by an operator after the master key was changed, until it is complete."""

from dataclasses import asdict
from typing import Any

from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.operation import operation_handler
from shared.vault.keepers import keeper_of
from shared.vault.rewrap_secrets import rewrap_secrets
from shared.vault.settings import VaultSettings

AT_MOST = 5_000
"""In one invocation: two calls of the database and one of KMS each, of which 300 s hold about twice as many."""


class Settings(VaultSettings):
    """What this function reads of its environment; the database's role sees all users' sealed secrets."""

    database_url: str


settings = load(Settings)
db = Database(settings.database_url)
keeper = keeper_of(settings)


def rewrap(_event: dict[str, Any]) -> dict[str, Any]:
    """How many were rewrapped, how many do not open, and whether that was all: `is_complete`, else invoke it again."""
    return asdict(rewrap_secrets(db, keeper, at_most=AT_MOST))


handler = operation_handler(rewrap)
