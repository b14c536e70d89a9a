"""Claims the key of a request that may be a repeat."""

from collections.abc import Mapping

from shared.db.selection import Selection
from shared.errors import KeyReused, KeyRunning
from shared.idempotency import repository
from shared.idempotency.model import Answer, Claim


def claim_key(claim: Claim) -> Selection[Answer | None]:
    """To be selected for the tenant of the transaction. Its row is the answer that is kept; None: go on.

    It raises:
        KeyReused: the key stands for another request.
        KeyRunning: a request with this key is being served.
    """
    return repository.claiming(claim, _kept)


def _kept(
    *, outcome: str, wait_seconds: int, status: int | None, headers: Mapping[str, str], body: str
) -> Answer | None:
    if outcome == "reused":
        raise KeyReused("This Idempotency-Key was sent with another request. Choose a new key for a new request.")
    if outcome == "running":
        raise KeyRunning(
            "A request with this Idempotency-Key is being served. Ask again as Retry-After says.",
            retry_after_seconds=wait_seconds,
        )
    return None if status is None else Answer(status=status, headers=headers, body=body)
