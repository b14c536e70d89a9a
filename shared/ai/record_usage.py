"""Keeps what calls to providers used, with their prices."""

from dataclasses import replace
from decimal import Decimal

from shared.ai import repository
from shared.ai.capabilities import Usage
from shared.ai.tariff import price
from shared.db.connection import Transaction
from shared.ids import SessionId, StepId, UserId
from shared.metrics import count, milliseconds

_MAX_INTEGER = 2**31 - 1


def record_usage(
    tx: Transaction,
    user_id: UserId,
    usage: Usage,
    *,
    session_id: SessionId | None = None,
    step_id: StepId | None = None,
    may_be_lost: bool = False,
) -> None:
    """Write a row for the call, and for each wasted before it, priced by the tariff of the moment it was over.

    What `may_be_lost` is committed without waiting for the disk, together with the transaction if there is one.
    """
    for call in (*usage.wasted, usage):
        kept = _storable(call)
        cost_cents = price(kept, at=kept.at)
        repository.insert_usage(
            tx,
            user_id,
            kept,
            session_id=session_id,
            step_id=step_id,
            cost_cents=cost_cents,
            may_be_lost=may_be_lost,
        )
        _measure(kept, cost_cents)


def _measure(usage: Usage, cost_cents: Decimal | None) -> None:
    """Only what the call has: a metric of nothing but zeros is paid for as well."""
    words = {"provider": usage.provider, "model": usage.model, "operation": usage.operation}
    milliseconds("provider_ms", usage.provider_ms, **words)
    if usage.tokens:
        count("tokens", usage.tokens, **words)
    if usage.audio_ms:
        count("audio_seconds", usage.audio_ms / 1_000, **words)
    if cost_cents is None:
        count("calls_unpriced", **words)
    elif cost_cents:
        count("cost_cents", float(cost_cents), **words)
        count("spent_cents", float(cost_cents))  # an alarm on a whole day can look at one metric only


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
