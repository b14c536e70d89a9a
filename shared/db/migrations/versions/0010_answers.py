"""Conversations with one's notes, and how many tokens a day they may take."""

from shared.db.migrations.plain_sql import run

revision = "0010"
down_revision = "0009"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add them; what 0009 holds stays."""
    run("0010_answers.up.sql")


def downgrade() -> None:
    """Back to 0009."""
    run("0010_answers.down.sql")
