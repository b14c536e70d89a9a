"""An account is erased with the objects that somebody was told to discard."""

from shared.db.migrations.plain_sql import run

revision = "0024"
down_revision = "0023"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Replace the function; what 0023 holds stays."""
    run("0024_discards_on_their_way.up.sql")


def downgrade() -> None:
    """Back to 0023."""
    run("0024_discards_on_their_way.down.sql")
