"""What a phone is told when its change was based on another version than the stored one."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from shared.edge.endpoint import Request
from shared.errors import VersionConflict


@contextmanager
def both_shown(shown: Callable[[Any], object], request: Request[Any, Any]) -> Generator[None]:
    """A conflict then tells what is stored and what was sent: neither is lost."""
    try:
        yield
    except VersionConflict as conflict:
        sent = request.body.model_dump(mode="json", exclude_unset=True)
        conflict.details = {"current": shown(conflict.current), "yours": sent}
        raise
