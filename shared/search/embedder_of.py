"""Finds who embeds for a space."""

from shared.ai.capabilities import Embedder
from shared.ai.embedders import Embedders
from shared.errors import ProviderPaused
from shared.metrics import count
from shared.search.model import Space
from shared.telemetry import log

UNSERVED = "space_unserved"

_RETRY_AFTER_SECONDS = 60
"""The job that moves users begins with those whose model is served by nobody."""


def embedder_of(embedders: Embedders, space: Space) -> Embedder:
    """The embedder whose vectors may be compared with those of the space.

    Raises:
        ProviderPaused: (`space_unserved`) nobody here serves the space's model. The user's notes are found by words,
            until the user is moved to the current model, or an operator names theirs as the previous one.
    """
    embedder = embedders.of(model=space.model)
    if embedder is None:
        count("spaces_unserved", model=space.model)
        log.error("no embedder of a user's model", extra={"provider": space.provider, "model": space.model})
        raise ProviderPaused(
            "Your notes are being made ready for another way of searching. Try again in a few minutes.",
            code=UNSERVED,
            retry_after_seconds=_RETRY_AFTER_SECONDS,
        )
    return embedder
