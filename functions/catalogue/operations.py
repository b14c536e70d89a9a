"""The functions that an operator or a deploy runs."""

from functions.catalogue.settings import VAULT_SETTINGS
from functions.catalogue.shapes import Function

OPERATIONS = (
    Function(
        name="migrate",
        handler="functions.operations.migrate.handler.handler",
        family="migrate",
        timeout_seconds=900,  # a revision may take 10 minutes, and another deploy is waited for
        settings=("LOGIN_SECRET_IDS",),
        secrets=("DATABASE_URL",),
        database="owner",
        sets_logins=("database-app", "database-system"),
    ),
    Function(
        name="rewrap-secrets",
        handler="functions.operations.rewrap_secrets.handler.handler",
        family="keys",
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
