"""Imports what every function of ours needs."""

from typing import Any

import psycopg
import pydantic

IMPORTED = (psycopg, pydantic)


def handler(_event: dict[str, Any], _context: object) -> str:
    """Answer something."""
    return "ok"
