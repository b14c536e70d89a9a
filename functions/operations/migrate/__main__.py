"""`make migrate`: the database at DATABASE_URL to the newest schema; DOWN=1 takes one step back."""

import sys

from shared.config.environment import Settings, load
from shared.db.migrate import migrate
from shared.db.update_schema import update_schema
from shared.errors import SecondBrainError


class MigrateSettings(Settings):
    """What the command reads of its environment."""

    database_url: str
    down: int = 0


settings = load(MigrateSettings)
try:
    if settings.down:
        migrate(settings.database_url, f"-{settings.down}")
        print(f"The schema is {settings.down} back.")
    else:
        update = update_schema(settings.database_url, "all")
        print(f"The schema is {update.after}; it was {update.before or 'empty'}.")
except SecondBrainError as error:
    sys.exit(error.detail)
