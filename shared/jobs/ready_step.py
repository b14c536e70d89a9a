"""Lets a waiting step begin."""

from shared.db.connection import Transaction
from shared.jobs import step_repository
from shared.jobs.announce_step import announce_step
from shared.jobs.model import Step
from shared.outbox.model import Announcement


def ready_step(tx: Transaction, step: Step) -> list[Announcement]:
    """Move waiting -> ready and announce it; nothing happens to a step that is not waiting."""
    if not step_repository.make_ready(tx, step.user_id, step.id):
        return []
    return [announce_step(tx, step)]
