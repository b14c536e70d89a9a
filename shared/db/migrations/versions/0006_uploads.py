"""Uploads in parts, uploads that expire, and objects that nobody owns."""

from shared.db.migrations.plain_sql import run

revision = "0006"
down_revision = "0005"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add them; what 0005 holds stays."""
    run("0006_uploads.up.sql")


def downgrade() -> None:
    """Back to 0005."""
    run("0006_uploads.down.sql")
