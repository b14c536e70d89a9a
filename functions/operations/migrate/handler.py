"""Builds the migrate function, run by a deploy before new code takes traffic, and again after it did."""

from typing import Any

from functions.operations.migrate.schemas import MigrateOrder
from shared.config.environment import Settings as BaseSettings
from shared.config.environment import load
from shared.config.read_named_secrets import read_named_secrets
from shared.db.set_logins import set_logins
from shared.db.update_schema import update_schema
from shared.edge.operation import operation_handler


class Settings(BaseSettings):
    """What this function reads of its environment: a role that may create tables and roles, and their passwords."""

    database_url: str
    login_secret_ids: str = ""


settings = load(Settings)


def bring_forward(event: dict[str, Any] | None) -> dict[str, Any]:
    """Run what the phase allows; doing so twice changes nothing. CDK's trigger says nothing, so there is no event."""
    phase = MigrateOrder.model_validate(event or {}).phase
    update = update_schema(settings.database_url, phase)
    return {
        "logins": [] if phase == "contract" else _logins(),
        "from": update.before,
        "to": update.after,
        "ran": list(update.ran),
        "pending": list(update.pending),
        "newer": list(update.newer),
    }


def _logins() -> list[str]:
    secrets = read_named_secrets(settings.login_secret_ids)
    return set_logins(settings.database_url, [secret.get("DATABASE_URL", "") for secret in secrets])


handler = operation_handler(bring_forward)
