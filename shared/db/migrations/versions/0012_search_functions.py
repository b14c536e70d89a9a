"""Searches as functions of the database: one round trip, and one plan in each server process."""

from shared.db.migrations.plain_sql import run

revision = "0012"
down_revision = "0011"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add them; what 0011 holds stays."""
    run("0012_search_functions.up.sql")


def downgrade() -> None:
    """Back to 0011."""
    run("0012_search_functions.down.sql")
