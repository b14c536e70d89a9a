"""SQL of what providers were used for."""

from shared.ai.capabilities import Usage
from shared.db.connection import Transaction
from shared.ids import new_id
from shared.jobs.model import Step

_MAX_INTEGER = 2**31 - 1


def insert_usage(tx: Transaction, step: Step, usage: Usage) -> None:
    """Keep what one call used. Its price is not worked out yet."""
    tx.execute(
        """
        INSERT INTO ai_usage (user_id, id, session_id, step_id, provider, model, operation_type, tokens_used, audio_ms)
        VALUES (%(user_id)s, %(id)s, %(session_id)s, %(step_id)s, %(provider)s, %(model)s, %(operation)s, %(tokens)s,
                %(audio_ms)s)
        """,
        {
            "user_id": step.user_id,
            "id": new_id(),
            "session_id": step.session_id,
            "step_id": step.id,
            "provider": usage.provider,
            "model": usage.model,
            "operation": usage.operation,
            "tokens": min(usage.tokens, _MAX_INTEGER),
            "audio_ms": min(usage.audio_ms, _MAX_INTEGER),
        },
    )
