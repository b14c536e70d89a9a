"""Since when a step has been put off."""

from shared.db.migrations.plain_sql import run

revision = "0008"
down_revision = "0007"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add it; what 0007 holds stays."""
    run("0008_put_off.up.sql")


def downgrade() -> None:
    """Back to 0007."""
    run("0008_put_off.down.sql")
