"""The functions that an operator or a deploy runs."""

from functions.catalogue.settings import VAULT_SETTINGS
from functions.catalogue.shapes import Function

OPERATIONS = (
    Function(
        name="migrate",
        handler="functions.operations.migrate.handler.handler",
        family="migrate",
        timeout_seconds=300,
        secrets=("DATABASE_URL",),
        database="owner",
    ),
    Function(
        name="rewrap-secrets",
        handler="functions.operations.rewrap_secrets.handler.handler",
        family="vault",
        timeout_seconds=300,
        settings=VAULT_SETTINGS,
        secrets=("DATABASE_URL", "VAULT_KEYS"),
        database="system",
        master_key=True,
    ),
    Function(
        name="appoint",
        handler="functions.operations.appoint.handler.handler",
        family="plain",
        secrets=("DATABASE_URL",),
        database="owner",
    ),
)
