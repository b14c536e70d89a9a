"""What the edge asks before a request is served: administrators, rates, keys of repeated requests, who was deleted."""

from shared.db.migrations.plain_sql import run

revision = "0013"
down_revision = "0012"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add them; what 0012 holds stays."""
    run("0013_edge.up.sql")


def downgrade() -> None:
    """Back to 0012."""
    run("0013_edge.down.sql")
