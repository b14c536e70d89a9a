"""Environment variables and queues that several functions share."""

PIPELINE = ("transcribe", "split-audio", "transcribe-part", "describe-image", "embed", "summarise")
TOLD = (*PIPELINE, "push")
"""Where whoever moves a session sends to: the next steps, and the user's phones."""

QUEUE_SETTINGS = ("QUEUE_URL_PREFIX", "QUEUE_ENDPOINT_URL")
BUCKET_SETTINGS = ("BUCKET", "BUCKET_ENDPOINT_URL")
FIREBASE_SETTINGS = ("FIREBASE_PROJECT_ID", "FCM_BASE_URL")
STRIPE_SETTINGS = ("STRIPE_MODE", "STRIPE_BASE_URL")


_CHOICES = {"EMBEDDING": ("", "FALLBACK_", "PREVIOUS_")}
_TWO_CHOICES = ("", "FALLBACK_")


def provider(capability: str) -> tuple[str, ...]:
    """Where a capability is bought, and where when that fails: a second choice may be left empty.

    So may the previous choice for embedding, which users are being moved away from.
    """
    return tuple(
        f"{capability}_{part}"
        for choice in _CHOICES.get(capability, _TWO_CHOICES)
        for part in (f"{choice}PROVIDER", f"{choice}BASE_URL", f"{choice}MODEL")
    )


def provider_keys(capability: str) -> tuple[str, ...]:
    """Our keys for all choices."""
    return tuple(f"{capability}_{choice}API_KEY" for choice in _CHOICES.get(capability, _TWO_CHOICES))
