"""Time zones by their IANA names."""

from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_KNOWN_ZONES = 32
_MAX_NAME = 64


@lru_cache(maxsize=_KNOWN_ZONES)
def zone_named(name: str) -> ZoneInfo | None:
    """The zone of that name, aliases included; None if there is none."""
    if not name or len(name) > _MAX_NAME or name != name.strip():
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no such zone; a path; a folder
        return None


def zone_or_utc(name: str) -> ZoneInfo:
    """The zone of that name, or UTC."""
    return zone_named(name) or ZoneInfo("UTC")
