"""The same, with pydantic in use: `import pydantic` alone loads next to nothing of it until a name is taken."""

from typing import Any

import psycopg
from pydantic import BaseModel

IMPORTED = (psycopg, BaseModel)


def handler(_event: dict[str, Any], _context: object) -> str:
    """Answer something."""
    return "ok"
