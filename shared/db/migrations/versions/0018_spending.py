"""What providers may cost for one user in a day."""

from shared.db.migrations.plain_sql import run

revision = "0018"
down_revision = "0017"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add it; what 0017 holds stays."""
    run("0018_spending.up.sql")


def downgrade() -> None:
    """Back to 0017."""
    run("0018_spending.down.sql")
