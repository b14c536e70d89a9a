"""The same, with the parts of botocore that presigning or publishing needs."""

from typing import Any

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.httpsession
import psycopg
import pydantic

IMPORTED = (
    botocore.auth,
    botocore.awsrequest,
    botocore.credentials,
    botocore.httpsession,
    psycopg,
    pydantic,
)


def handler(_event: dict[str, Any], _context: object) -> str:
    """Answer something."""
    return "ok"
