"""How many tokens a text may be, for whichever tokenizer: rather too many than too few."""

_BYTES_PER_TOKEN = 2
"""English has 4 to 5 bytes to a token, Portuguese 3.5 to 4, CJK 3: of the tokenizers chat models have. A test counts
the evaluation's notes with one that knows English only, and splits Portuguese into pieces."""


def estimate_tokens(text: str) -> int:
    """An upper estimate for text that people write; 0 for none."""
    return -(-len(text.encode(errors="replace")) // _BYTES_PER_TOKEN)
