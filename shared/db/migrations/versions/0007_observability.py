"""Which request set a step going, and counting what is unfinished without reading everything."""

from shared.db.migrations.plain_sql import run

revision = "0007"
down_revision = "0006"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add them; what 0006 holds stays."""
    run("0007_observability.up.sql")


def downgrade() -> None:
    """Back to 0006."""
    run("0007_observability.down.sql")
