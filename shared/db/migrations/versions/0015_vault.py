"""Secrets of users, sealed."""

from shared.db.migrations.plain_sql import run

revision = "0015"
down_revision = "0014"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add them; what 0014 holds stays."""
    run("0015_vault.up.sql")


def downgrade() -> None:
    """Back to 0014."""
    run("0015_vault.down.sql")
