"""What moving a user takes, as values."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from shared.ai.capabilities import Embedder
from shared.ai.embedding_replies import BATCH
from shared.ids import BlockId, SessionId, UserId
from shared.search.drafting import Revision
from shared.search.model import UsersOfModel
from shared.sessions.model import Block, Session
from shared.values import frozen

BATCH_TEXTS = BATCH
"""A call carries so many texts, and as many more as the last of its blocks has: a block is never embedded by halves."""

GRACE = timedelta(minutes=2)
"""How long what is left of the old model stays after a user was moved: searches that began before may still look at it.
No function that searches lives for so long."""

HELD_UP = timedelta(days=1)
"""How long a user is left alone of whom the new model's provider refuses a note."""

_CHARS_PER_TOKEN = 3
"""Rather too few, so that a day's budget is not overdrawn: English has four, and other scripts have less."""


@frozen
class Reembedding:
    """A user on their way to a model, by its number. `is_moved`: only what is left of others is to be cleared away."""

    user_id: UserId
    model_id: int
    is_moved: bool


@frozen
class Mover:
    """Who moves users, and for how long: by which embedder, and to the number its model has."""

    embedder: Embedder
    model_id: int
    tokens_a_day: int
    goes_on: Callable[[], bool]
    """False when it is time to end: nothing new is begun then."""


@frozen
class Portion:
    """Some of a user's blocks, to be embedded in one call. `last` is the last that was looked at, by id."""

    blocks: Sequence[tuple[Session, Block]]
    revisions: Sequence[Revision]
    last: BlockId

    @property
    def session_ids(self) -> Sequence[SessionId]:
        """Of the blocks, each once, in the order in which they are locked."""
        return sorted({session.id for session, _ in self.blocks})

    @property
    def singles(self) -> Sequence["Portion"]:
        """The same, block by block."""
        pairs = zip(self.blocks, self.revisions, strict=True)
        return [Portion(blocks=[block], revisions=[revision], last=self.last) for block, revision in pairs]

    @property
    def tokens(self) -> int:
        """About how many it will take."""
        drafts = (draft for revision in self.revisions for draft in revision.drafts)
        chars = sum(len(draft.text) + sum(len(moment.text) for moment in draft.moments) for draft in drafts)
        return chars // _CHARS_PER_TOKEN + 1


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
