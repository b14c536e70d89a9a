"""What Lambda says about how it starts this process."""

import os

_VARIABLE = "AWS_LAMBDA_INITIALIZATION_TYPE"
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html"""


def is_for_snapshot() -> bool:
    """Whether a snapshot of this process will be taken after Init, and restored many times."""
    return os.environ.get(_VARIABLE) == "snap-start"
