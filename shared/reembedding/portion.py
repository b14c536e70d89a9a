"""What moving a user takes, as values."""

from collections.abc import Callable, Sequence

from shared.ai.capabilities import Embedder
from shared.ai.embedding_replies import BATCH
from shared.ids import BlockId, SessionId
from shared.search.drafting import Revision
from shared.sessions.model import Block, Session
from shared.values import frozen

BATCH_TEXTS = BATCH
"""A call carries so many texts, and as many more as the last of its blocks has: a block is never embedded by halves."""

_CHARS_PER_TOKEN = 3
"""Rather too few, so that a day's budget is not overdrawn: English has four, and other scripts have less."""


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
