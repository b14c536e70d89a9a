"""Money that is only set aside is waited for by the minute, not by the day."""

from shared.db.migrations.plain_sql import run

revision = "0020"
down_revision = "0019"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Replace the function; what 0019 holds stays."""
    run("0020_money_set_aside.up.sql")


def downgrade() -> None:
    """Back to 0019."""
    run("0020_money_set_aside.down.sql")
