"""Users on their way to another embedding model, and what that may cost in a day."""

from shared.db.migrations.plain_sql import run

revision = "0011"
down_revision = "0010"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add them; what 0010 holds stays."""
    run("0011_reembedding.up.sql")


def downgrade() -> None:
    """Back to 0010."""
    run("0011_reembedding.down.sql")
