"""Exports and imports of an account, and where the sweep looks for their files."""

from shared.db.migrations.plain_sql import run

revision = "0016"
down_revision = "0015"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add them; what 0015 holds stays."""
    run("0016_takeout.up.sql")


def downgrade() -> None:
    """Back to 0015."""
    run("0016_takeout.down.sql")
