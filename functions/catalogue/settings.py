"""Environment variables and queues that several functions share."""

PIPELINE = ("transcribe", "split-audio", "transcribe-part", "describe-image", "embed", "summarise")
TOLD = (*PIPELINE, "push")
"""Where whoever moves a session sends to: the next steps, and the user's phones."""

TRANSFERS = ("export-account", "import-account")
"""What takes an account out, and what brings one back."""

EDGE_SETTINGS = ("RATE_LIMITS", "ANONYMOUS_SIGN_IN")
QUEUE_SETTINGS = ("QUEUE_URL_PREFIX", "QUEUE_ENDPOINT_URL")
BUCKET_SETTINGS = ("BUCKET", "BUCKET_ENDPOINT_URL", "BUCKET_REGION")
BUCKET_KEYS = ("BUCKET_ACCESS_KEY_ID", "BUCKET_SECRET_ACCESS_KEY")
"""Of a bucket outside AWS only: inside, a function's role opens it."""

FIREBASE_SETTINGS = ("FIREBASE_PROJECT_ID", "FCM_BASE_URL")
ACCOUNTS_SETTINGS = ("FIREBASE_AUTH_PROJECT_ID", "FIREBASE_AUTH_BASE_URL")
VAULT_SETTINGS = ("VAULT_KEY_ID", "KMS_ENDPOINT_URL")
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


def secret_group(name: str, database: str) -> str:
    """Which secret of a stage holds a variable: what one kind of function needs lies together, and nothing else.

    The worker that decodes strangers' sounds has no right to Stripe's key. KeyError if the name has no place yet.
    """
    if name == "DATABASE_URL":
        return f"database-{database}"
    if name.endswith("_API_KEY") and name != "STRIPE_API_KEY":
        return "providers"
    if name == "FIREBASE_AUTH_CREDENTIALS":
        return "accounts"  # may remove people; the key that sends pushes may not
    return {"BUCKET": "bucket", "STRIPE": "payments", "FIREBASE": "firebase", "VAULT": "vault"}[name.partition("_")[0]]


def secret_id(stage: str, group: str, *, in_manager: bool) -> str:
    """The name of a JSON object of the variables of a group, in Secrets Manager or, with a slash, in Parameter Store.

    A stage has all of them in one of the two (docs/adr/0046).
    """
    name = f"second-brain/{stage}/{group}"
    return name if in_manager else f"/{name}"


def resource_name(stage: str, name: str) -> str:
    """What a function, a queue or a stack is called in AWS: `second-brain-dev-transcribe`."""
    return f"second-brain-{stage}-{name}"
