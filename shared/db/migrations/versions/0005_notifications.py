"""Push messages, told once, and who wants which."""

from shared.db.migrations.plain_sql import run

revision = "0005"
down_revision = "0004"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add them; what 0004 holds stays."""
    run("0005_notifications.up.sql")


def downgrade() -> None:
    """Back to 0004."""
    run("0005_notifications.down.sql")
