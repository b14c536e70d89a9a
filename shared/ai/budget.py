"""How long providers may take in all: the arithmetic of total timeouts, in one place.

A function's timeout must leave 5 s after all its providers have used up their time, so that what came of it is
written. One message of a worker, and one search, asks a capability once: at most MAX_PROVIDERS tries, which share the
time below equally. A question to the notes asks two, one after the other. Connecting is part of a try. A test adds this
up for every function of the catalogue.
"""

WORKER_SECONDS = 240.0
"""All tries of one call in a worker, whose function has 300 s."""

SEARCH_SECONDS = 6.0
"""All tries of embedding a query, whose function has 15 s: a person waits."""

ASK_SECONDS = 17.0
"""All tries of answering a question, whose function has 29 s, of which its retrieval may use SEARCH_SECONDS."""

NOTING_SECONDS = 2.5
"""After the first try to write down what an answer cost, the last is begun: it may wait 2 s for a lock, as each may.

Together they fit into MARGIN_SECONDS.
"""

CONNECT_SECONDS = 5.0
"""Until a connection stands; no provider near its senses takes longer."""

MAX_PROVIDERS = 2
"""A first choice and a second."""

MARGIN_SECONDS = 5.0
"""What must be left of a function's timeout."""


def try_seconds(total_seconds: float, providers: int) -> float:
    """What each of so many tries may take."""
    return total_seconds / providers
