"""What administrators see and switch, and who appointed them."""

from shared.db.migrations.plain_sql import run

revision = "0017"
down_revision = "0016"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add it; what 0016 holds stays."""
    run("0017_administration.up.sql")


def downgrade() -> None:
    """Back to 0016."""
    run("0017_administration.down.sql")
