"""Reads who is searched by which model, and what is missing of another one. The first four read of all users."""

from collections.abc import Sequence

from shared.db.connection import Transaction
from shared.ids import BlockId, UserId
from shared.search import beside_repository as repository
from shared.search.model import BlockPlace, Model, UsersOfModel


def known_models(tx: Transaction) -> list[Model]:
    """Every model anything was ever embedded by."""
    return repository.models(tx)


def users_by_model(tx: Transaction) -> list[UsersOfModel]:
    """How many users are searched by each model. Needs the system role."""
    return repository.users_by_model(tx)


def users_of_model(tx: Transaction, *, model_id: int, besides: Sequence[UserId], limit: int) -> list[UserId]:
    """Users who are searched by a model and are not among `besides`, oldest first. Needs the system role."""
    return repository.users_of_model(tx, model_id=model_id, besides=besides, limit=limit)


def count_users_of_models(tx: Transaction, *, model_ids: Sequence[int]) -> int:
    """How many users are searched by any of these models. Needs the system role."""
    return repository.count_users_of_models(tx, model_ids=model_ids)


def blocks_without(
    tx: Transaction, user_id: UserId, *, model_id: int, after: BlockId | None, limit: int
) -> list[BlockPlace]:
    """The next of the user's findable blocks, by id, that have no chunks of this model."""
    return repository.blocks_without(tx, user_id, model_id=model_id, after=after, limit=limit)
