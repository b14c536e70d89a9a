"""Keeps what one call to a provider used, with its price."""

from dataclasses import replace

from shared.ai import repository
from shared.ai.capabilities import Usage
from shared.ai.tariff import price
from shared.db.connection import Transaction
from shared.ids import SessionId, StepId, UserId

_MAX_INTEGER = 2**31 - 1


def record_usage(
    tx: Transaction,
    user_id: UserId,
    usage: Usage,
    *,
    session_id: SessionId | None = None,
    step_id: StepId | None = None,
) -> None:
    """Write one row, priced by the tariff of the moment the call was over."""
    kept = _storable(usage)
    repository.insert_usage(
        tx,
        user_id,
        kept,
        session_id=session_id,
        step_id=step_id,
        cost_cents=price(kept, at=kept.at),
    )


def _storable(usage: Usage) -> Usage:
    """No number larger than its column: whatever a provider reports, what it made for us must not be lost for it."""
    return replace(
        usage,
        tokens=min(usage.tokens, _MAX_INTEGER),
        input_tokens=min(usage.input_tokens, _MAX_INTEGER),
        cached_input_tokens=min(usage.cached_input_tokens, _MAX_INTEGER),
        output_tokens=min(usage.output_tokens, _MAX_INTEGER),
        audio_ms=min(usage.audio_ms, _MAX_INTEGER),
    )
