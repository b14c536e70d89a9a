"""The embedders a function has: of the model everybody is to be on, and of the one some are still searched by."""

from shared.ai.capabilities import Embedder, Endpoint
from shared.ai.chained_providers import ChainedEmbedder
from shared.ai.provider_chain import BuildAdapter, chain_of
from shared.ai.settings import EmbeddingSettings, is_same_model
from shared.db.connection import Database


class Embedders:
    """Finds the embedder of a space. A model is the same wherever it is served: its vectors are."""

    def __init__(self, current: Embedder, previous: Embedder | None = None) -> None:
        self.current = current
        self.previous = previous

    def of(self, *, model: str) -> Embedder | None:
        """Who embeds for spaces of that model; None when nobody here serves it."""
        served = (self.current, *([] if self.previous is None else [self.previous]))
        return next((embedder for embedder in served if is_same_model(embedder.model, model)), None)


def embedders_of(
    db: Database, capability: str, settings: EmbeddingSettings, build: BuildAdapter[Embedder], *, total_seconds: float
) -> Embedders:
    """Those the settings name, each a chain under this name, of which one is asked within `total_seconds`.

    Raises:
        SettingsError: the settings contradict themselves.
    """

    def chained(*endpoints: Endpoint) -> Embedder:
        return ChainedEmbedder(chain_of(db, capability, endpoints, build, total_seconds=total_seconds))

    previous = settings.previous_endpoint()
    # By its class: settings of several capabilities have an `endpoints` of each.
    current = chained(*EmbeddingSettings.endpoints(settings))
    return Embedders(current, None if previous is None else chained(previous))
