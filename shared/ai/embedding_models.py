"""What is known of embedding models: from which similarity on a note is about what was asked.

Similarities of one model say nothing about another's: what is near 0.8 in one space is 0.35 in the next.
"""

UNKNOWN_MODEL_THRESHOLD = 0.7
"""The contract's own default, for a model nobody has measured."""

# all-MiniLM-L6-v2: on the sample voice note, 16 questions about it reach 0.36 and more, questions about
# something else at most 0.20 (docs/adr/0013). text-embedding-3-small: the contract's own example; OpenAI's v3
# models put related short texts at 0.3 to 0.6. To be measured with a key.
_THRESHOLDS = {
    "all-MiniLM-L6-v2": 0.3,
    "text-embedding-3-small": 0.3,
}


def default_threshold(*, model: str) -> float:
    """From which similarity on (0 to 1) an answer is worth showing, if the caller does not say."""
    return _THRESHOLDS.get(model.rpartition("/")[2], UNKNOWN_MODEL_THRESHOLD)
