"""The folder that keeps the local stack's data between starts: used by one stack at a time, and emptied with care."""

import contextlib
import fcntl
import shutil
from collections.abc import Generator
from pathlib import Path

_LOCK = "lock"
_OURS = (
    "postgres",
    "objects",
    "issuer-key.pem",
    "fcm-key.pem",
    "accounts-key.pem",
    "vault-key.hex",
    "stack.log",
    "stripe.json",
)


class FolderTaken(RuntimeError):
    """Another stack uses the folder."""


@contextlib.contextmanager
def opened(folder: Path, *, is_reset: bool) -> Generator[None]:
    """Hold the folder, made if missing, for this stack alone; `is_reset` removes what stacks put there, and no more.

    Raises:
        FolderTaken: another stack holds it; nothing was removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderTaken(str(folder)) from error
        if is_reset:
            _empty(folder)
        yield


def _empty(folder: Path) -> None:
    for name in _OURS:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
