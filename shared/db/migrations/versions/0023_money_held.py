"""Money is set aside for as long as a call can take."""

from shared.db.migrations.plain_sql import run

revision = "0023"
down_revision = "0022"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add the moment, and replace the function; what 0022 holds stays."""
    run("0023_money_held.up.sql")


def downgrade() -> None:
    """Back to 0022; what is set aside for calls under way is lost."""
    run("0023_money_held.down.sql")
