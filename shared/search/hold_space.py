"""Makes sure that what is about to be written is of the model the user is searched by, until the transaction ends."""

from shared.db.connection import Transaction
from shared.errors import Outdated
from shared.ids import UserId
from shared.search import space_repository


def hold_space(tx: Transaction, user_id: UserId, *, model_id: int, language: str) -> None:
    """Give the user a space of this model if they have none, and keep them from being moved to another one meanwhile.

    `language` is the tag of the language that is about to be written.

    Raises:
        Outdated: the user is searched by another model by now.
    """
    space_repository.open_space(tx, user_id, model_id=model_id, language=language)
    if space_repository.lock_space(tx, user_id) != model_id:
        raise Outdated("The user was moved to another embedding model. Embed with that one.")
