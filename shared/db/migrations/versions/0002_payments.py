"""Debt beside the balance, payments, the inbox of outside events, the audit log, and what providers charge."""

from shared.db.migrations.plain_sql import run

revision = "0002"
down_revision = "0001"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add them; what 0001 holds stays."""
    run("0002_payments.up.sql")


def downgrade() -> None:
    """Back to 0001: payments, inbox and audit log are lost."""
    run("0002_payments.down.sql")
