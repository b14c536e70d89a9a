"""What a deploy, or an operator, says to the migrate function."""

from pydantic import BaseModel, ConfigDict

from shared.db.revision_plan import Phase


class MigrateOrder(BaseModel):
    """Which revisions may run. Nothing said is `expand`: what runs before new code takes traffic must be harmless."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    phase: Phase = "expand"
