"""`make migrate`: the database at DATABASE_URL to the newest schema; DOWN=1 takes one step back."""

from shared.config.environment import Settings, load
from shared.db.migrate import migrate


class MigrateSettings(Settings):
    """What the command reads of its environment."""

    database_url: str
    down: int = 0


settings = load(MigrateSettings)
migrate(settings.database_url, f"-{settings.down}" if settings.down else "head")
print("The schema is one step back." if settings.down else "The schema is the newest.")
