"""Which release brought which revision, and what the app role may know of it."""

from shared.db.migrations.plain_sql import run

revision = "0021"
down_revision = "0020"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add the record; what 0020 holds stays."""
    run("0021_releases.up.sql")


def downgrade() -> None:
    """Back to 0020."""
    run("0021_releases.down.sql")
