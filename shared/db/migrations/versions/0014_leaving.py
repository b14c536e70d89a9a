"""How an account ends: sign-ins that count no more, and the deletion of everything."""

from shared.db.migrations.plain_sql import run

revision = "0014"
down_revision = "0013"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add what 0013 lacks; its tombstones stay."""
    run("0014_leaving.up.sql")


def downgrade() -> None:
    """Back to 0013."""
    run("0014_leaving.down.sql")
