"""Claims the key of a request that may be a repeat."""

from typing import Any

from shared.db.question import Question
from shared.errors import KeyReused, KeyRunning
from shared.idempotency import repository
from shared.idempotency.model import Answer, Claim


def claim_key(claim: Claim) -> Question[Answer | None]:
    """The question for the tenant of the transaction. Its answer is the one that is kept; None: go on.

    Reading it raises:
        KeyReused: the key stands for another request.
        KeyRunning: a request with this key is being served.
    """
    return Question(statement=repository.claiming(claim), read=_kept)


def _kept(row: Any) -> Answer | None:  # noqa: ANN401 - a row
    outcome, wait_seconds, status, headers, body = row
    if outcome == "reused":
        raise KeyReused("This Idempotency-Key was sent with another request. Choose a new key for a new request.")
    if outcome == "running":
        raise KeyRunning(
            "A request with this Idempotency-Key is being served. Ask again as Retry-After says.",
            retry_after_seconds=wait_seconds,
        )
    return None if status is None else Answer(status=status, headers=headers, body=body)
