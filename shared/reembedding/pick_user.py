"""Picks the user who is moved next."""

from collections.abc import Sequence

from shared.ai.embedders import Embedders
from shared.ai.settings import is_same_model
from shared.db.connection import Transaction
from shared.ids import UserId
from shared.reembedding import repository
from shared.search.model import Model
from shared.search.spaces import known_models, users_of_model


def pick_user(tx: Transaction, embedders: Embedders, *, besides: Sequence[UserId]) -> UserId | None:
    """Who is under way already; else the oldest user whose model nobody serves; else the oldest of another model.

    Nobody of `besides`, and nobody who is held up. None when everybody is where they should be.
    """
    begun = repository.due(tx, is_moved=False, besides=besides)
    if begun is not None:
        return begun.user_id
    known = [*besides, *repository.under_way(tx)]
    for model in models_elsewhere(tx, embedders):
        found = users_of_model(tx, model_id=model.id, besides=known, limit=1)
        if found:
            return found[0]
    return None


def models_elsewhere(tx: Transaction, embedders: Embedders) -> list[Model]:
    """Models that are not the current one, by whatever host; those that nobody serves first."""
    elsewhere = [model for model in known_models(tx) if not is_same_model(model.model, embedders.current.model)]
    return sorted(elsewhere, key=lambda model: embedders.of(model=model.model) is not None)
