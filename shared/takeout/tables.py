"""Which tables are taken out, and which are not and why. Tables are found in the catalogue of the database, not here.

A table that is in neither list fails a test, so that whoever adds one decides; until then it is taken out.
"""

from shared.values import frozen

LEFT_OUT = {
    "administrators": "who was appointed by whom: it names another person",
    "chunk_vectors": "numbers a model made of `chunks`; made anew from them",
    "chunk_words": "stems of the words of `chunks`; made anew from them",
    "idempotency_keys": "answers kept for a day, with URLs that are permissions",
    "outbox": "messages on their way, of ids of rows that are here",
    "rate_buckets": "how many requests may come in the next seconds",
    "spend_reservations": "what calls under way may cost, until they are answered",
    "user_secrets": "keys and tokens for other services: sealed here, and never handed out",
    "transfers": "the exports and imports themselves: this one is not finished while it is written",
}
"""Tables with a user's rows that stay, each with its reason, which the manifest repeats."""

OMITTED_COLUMNS = {
    "devices": {"fcm_token": "whoever has it may send pushes to the phone"},
    "media_uploads": {"upload_id": "the store's name of an upload under way"},
}
"""Columns that stay, each with its reason."""

EXPORTED = frozenset(
    {
        "ai_jobs",
        "ai_usage",
        "change_counters",
        "changes",
        "chunks",
        "conversation_turns",
        "conversations",
        "credit_ledger",
        "devices",
        "job_steps",
        "media_files",
        "media_parts",
        "media_uploads",
        "notifications",
        "payments",
        "push_deliveries",
        "reembeddings",
        "search_spaces",
        "session_blocks",
        "sessions",
        "spending",
        "token_budgets",
        "turn_blocks",
        "users",
        "vector_counts",
    }
)
"""Tables that are known to be taken out; a test compares both lists with the catalogue."""


@frozen
class Table:
    """A table with a user's rows: its columns in their order, those of its primary key, and which names the owner."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def owner(self) -> str:
        """The column that says whose a row is."""
        return "id" if self.name == "users" else "user_id"

    @property
    def order(self) -> tuple[str, ...]:
        """Rows of one session lie together, so that whoever reads them needs one session at a time."""
        of_session = tuple(name for name in ("session_id",) if name in self.columns)
        return (*of_session, *(name for name in self.key if name not in {"user_id", *of_session}))


def taken(table: Table) -> tuple[str, ...]:
    """The columns that are taken out."""
    return tuple(name for name in table.columns if name not in OMITTED_COLUMNS.get(table.name, {}))
