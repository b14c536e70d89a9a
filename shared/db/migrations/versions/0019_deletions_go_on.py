"""When the bucket was seen without an object of a deleted account."""

from shared.db.migrations.plain_sql import run

revision = "0019"
down_revision = "0018"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add it; what 0018 holds stays."""
    run("0019_deletions_go_on.up.sql")


def downgrade() -> None:
    """Back to 0018."""
    run("0019_deletions_go_on.down.sql")
