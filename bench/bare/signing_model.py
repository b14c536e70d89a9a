"""What presigning or publishing needs, with pydantic in use."""

from typing import Any

from pydantic import BaseModel

from bench.bare import signing

IMPORTED = (*signing.IMPORTED, BaseModel)


def handler(_event: dict[str, Any], _context: object) -> str:
    """Answer something."""
    return "ok"
