"""Users, credits, sessions, media, jobs, outbox, chunks and vectors, each confined to its user."""

from shared.db.migrations.plain_sql import run

revision = "0001"
down_revision = None
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Create everything."""
    run("0001_foundation.up.sql")


def downgrade() -> None:
    """Drop everything."""
    run("0001_foundation.down.sql")
