"""When gauges were above 0 last."""

from shared.db.migrations.plain_sql import run

revision = "0022"
down_revision = "0021"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add the table; what 0021 holds stays."""
    run("0022_gauges.up.sql")


def downgrade() -> None:
    """Back to 0021."""
    run("0022_gauges.down.sql")
