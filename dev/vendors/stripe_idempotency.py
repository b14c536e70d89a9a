"""Idempotency keys as Stripe keeps them: for a day, with the answer and what was asked."""

from dev.vendors.stripe_book import Book
from dev.vendors.stripe_errors import StripeRefusal
from dev.vendors.stripe_model import SavedAnswer

KEPT_SECONDS = 24 * 3_600


def kept_answer(book: Book, key: str, fingerprint: str) -> SavedAnswer | None:
    """What was answered to this key before, if it was not forgotten since.

    Raises:
        StripeRefusal: the key came with another request then.
    """
    kept = book.tables.answers.get(key)
    if kept is None or kept.created <= book.now() - KEPT_SECONDS:
        return None
    if kept.fingerprint != fingerprint:
        raise StripeRefusal(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request.",
            kind="idempotency_error",
        )
    return kept


def keep_answer(book: Book, key: str, fingerprint: str, *, status: int, body: str) -> None:
    """Answer this key the same for a day, and forget what is older."""
    answers = book.tables.answers
    answers.pop(key, None)  # a forgotten key that comes again is the newest
    answers[key] = SavedAnswer(created=book.now(), fingerprint=fingerprint, status=status, body=body)
    while (oldest := next(iter(answers))) != key and answers[oldest].created <= book.now() - KEPT_SECONDS:
        del answers[oldest]
