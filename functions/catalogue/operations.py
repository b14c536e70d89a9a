"""The functions that an operator or a deploy runs."""

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
)
