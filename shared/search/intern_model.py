"""Turns (provider, model) into the small number that keeps vectors of different models apart."""

from shared.db.connection import Transaction
from shared.search import space_repository as repository


def intern_model(tx: Transaction, *, provider: str, model: str) -> int:
    """The model's number, given to it at first sight; two callers at once get the same one."""
    known = repository.find_model(tx, provider=provider, model=model)
    if known is not None:
        return known
    repository.insert_model(tx, provider=provider, model=model)
    return repository.get_model(tx, provider=provider, model=model)
