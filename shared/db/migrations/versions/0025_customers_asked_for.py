"""The payment provider is known to have been asked for a customer before it answers."""

from shared.db.migrations.plain_sql import run

revision = "0025"
down_revision = "0024"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add the moment to users and deletions, and replace the function; what 0024 holds stays."""
    run("0025_customers_asked_for.up.sql")


def downgrade() -> None:
    """Back to 0024; which customers were asked for is forgotten."""
    run("0025_customers_asked_for.down.sql")
