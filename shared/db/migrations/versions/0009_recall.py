"""Words beside vectors, the times a chunk speaks of, and the model a user is searched by."""

from shared.db.migrations.plain_sql import run

revision = "0009"
down_revision = "0008"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add them; what 0008 holds stays."""
    run("0009_recall.up.sql")


def downgrade() -> None:
    """Back to 0008."""
    run("0009_recall.down.sql")
