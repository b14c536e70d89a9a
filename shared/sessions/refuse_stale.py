"""Keeps a change from overwriting one its maker has not seen."""

from shared.errors import VersionConflict
from shared.sessions.model import Block, Session


def refuse_stale(current: Session | Block, base_version: int | None) -> None:
    """Raises VersionConflict unless the change was based on the stored version; None is based on whatever is there."""
    if base_version is not None and base_version != current.version:
        raise VersionConflict(
            f"This was changed meanwhile: it is at version {current.version}, and your change is based on "
            f"{base_version}. Bring the two together, then send the result with the current version.",
            current=current,
        )
