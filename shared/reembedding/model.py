"""How far moving users to another model is, as values."""

from collections.abc import Sequence
from datetime import timedelta

from shared.ids import UserId
from shared.search.model import UsersOfModel
from shared.values import frozen

GRACE = timedelta(minutes=2)
"""How long what is left of the old model stays after a user was moved: searches that began before may still look at it.
No function that searches lives for so long."""

HELD_UP = timedelta(days=1)
"""How long a user is left alone of whom the new model's provider refuses a note."""


@frozen
class Reembedding:
    """A user on their way to a model, by its number. `is_moved`: only what is left of others is to be cleared away."""

    user_id: UserId
    model_id: int
    is_moved: bool


@frozen
class Progress:
    """How far everybody is. Tokens are those of this day (UTC); None where the job has not run today.

    `under_way` counts users of whom something is embedded by the new model already; `held_up` those of them of whom a
    note was refused; `clearing` those who are moved, and what was left of the old model is not gone yet.
    """

    users: Sequence[UsersOfModel]
    under_way: int
    held_up: int
    clearing: int
    tokens: int | None
    tokens_a_day: int | None
