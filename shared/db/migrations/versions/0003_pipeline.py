"""Steps that come back in time, parts of long recordings, and a circuit breaker for each provider."""

from shared.db.migrations.plain_sql import run

revision = "0003"
down_revision = "0002"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add them; what 0002 holds stays."""
    run("0003_pipeline.up.sql")


def downgrade() -> None:
    """Back to 0002."""
    run("0003_pipeline.down.sql")
