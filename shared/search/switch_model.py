"""Has a user searched by another model, of which everything is there."""

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.search import beside_repository, space_repository


def switch_model(tx: Transaction, user_id: UserId, *, model_id: int) -> bool:
    """Whether the user is searched by this model from now on, or was already.

    Not while a block they can find would be found no more. Whoever is about to write chunks of the model before holds
    the space (`hold_space`): what they wrote is seen here, or they see that the user was moved.
    """
    current = space_repository.lock_space(tx, user_id)
    if current in {None, model_id}:
        return True
    if beside_repository.blocks_without(tx, user_id, model_id=model_id, after=None, limit=1):
        return False
    beside_repository.change_model(tx, user_id, model_id=model_id)
    return True
