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
    """No number its column cannot hold: whatever a provider reports, what it made for us must not be lost for it."""
    return replace(
        usage,
        tokens=_clamped(usage.tokens),
        input_tokens=_clamped(usage.input_tokens),
        cached_input_tokens=_clamped(usage.cached_input_tokens),
        output_tokens=_clamped(usage.output_tokens),
        audio_ms=_clamped(usage.audio_ms),
    )


def _clamped(number: int) -> int:
    return max(0, min(number, _MAX_INTEGER))
