"""Environment variables and queues that several functions share."""

PIPELINE = ("transcribe", "describe-image", "embed", "summarise")
QUEUE_SETTINGS = ("QUEUE_URL_PREFIX", "QUEUE_ENDPOINT_URL")
BUCKET_SETTINGS = ("BUCKET", "BUCKET_ENDPOINT_URL")
STRIPE_SETTINGS = ("STRIPE_MODE", "STRIPE_BASE_URL")


def provider(capability: str) -> tuple[str, ...]:
    """Where a capability is bought."""
    return tuple(f"{capability}_{part}" for part in ("PROVIDER", "BASE_URL", "MODEL"))
