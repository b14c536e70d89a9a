"""An account is erased with what it used to leave behind: objects on their way out, and customers nobody heard of."""

from shared.db.migrations.plain_sql import run

revision = "0024"
down_revision = "0023"
PHASE = "expand"
RELEASE = "0.1.0"


def upgrade() -> None:
    """Add the moment to users and deletions, and replace the function; what 0023 holds stays."""
    run("0024_what_outlived_an_account.up.sql")


def downgrade() -> None:
    """Back to 0023; which customers were asked for is forgotten."""
    run("0024_what_outlived_an_account.down.sql")
