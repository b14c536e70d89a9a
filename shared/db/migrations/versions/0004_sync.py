"""Versions, and the feed of changes a phone follows."""

from shared.db.migrations.plain_sql import run

revision = "0004"
down_revision = "0003"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add them; what 0003 holds stays."""
    run("0004_sync.up.sql")


def downgrade() -> None:
    """Back to 0003."""
    run("0004_sync.down.sql")
