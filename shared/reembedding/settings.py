"""Settings of moving users to another embedding model."""

from shared.config.environment import Settings


class ReembeddingSettings(Settings):
    """`reembed_tokens_a_day`: how many tokens it may take in a day (UTC), at most; 0 moves nobody."""

    reembed_tokens_a_day: int
