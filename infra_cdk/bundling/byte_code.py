"""Compiles a tree to byte code that is the same wherever and whenever it is made."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

RUN_AT = "/var/task"
"""Where Lambda unpacks a bundle: what tracebacks show, and no path of the machine that compiled."""

_PROCESSES = 2
_COMPILE = ("-I", "-W", "ignore", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash")


class DoesNotCompile(Exception):
    """A file that the interpreter refuses."""


def with_byte_code(file: Path, tag: str) -> tuple[Path, ...]:
    """What a bundle holds of a module of ours: its source, for tracebacks and Alembic, and its byte code."""
    return (file, file.parent / "__pycache__" / f"{file.stem}.{tag}.pyc") if file.suffix == ".py" else (file,)


def as_byte_code(file: Path) -> Path:
    """What a bundle holds of a package's file: of a module its byte code alone, which Python imports as well."""
    return file.with_suffix(".pyc") if file.suffix == ".py" else file


def compile_tree(root: Path, files: Iterable[Path], python: str, *, replaces_sources: bool = False) -> None:
    """Write the byte code of those `files` (paths from `root`) that are Python, where the two functions above say.

    It is unchecked: a ZIP sets the time of each file anew, and byte code that compares times would be compiled again at
    every cold start. Raises DoesNotCompile.
    """
    ordered = sorted(file for file in files if file.suffix == ".py")
    options = ["-b"] if replaces_sources else []
    lists = [ordered[number::_PROCESSES] for number in range(_PROCESSES)]
    running = [_started(root, part, [python, *_COMPILE, *options], number) for number, part in enumerate(lists)]
    for process, listing in running:
        output, _ = process.communicate()
        listing.unlink()
        if process.returncode:
            raise DoesNotCompile(f"In {root}:\n{output[-2000:]}")


def _started(root: Path, files: list[Path], command: list[str], number: int) -> tuple["subprocess.Popen[str]", Path]:
    listing = root.with_name(f"{root.name}-{number}.txt")
    listing.write_text("".join(f"{root / file}\n" for file in files))
    told = [*command, "-s", str(root), "-p", RUN_AT, "-i", str(listing)]
    return subprocess.Popen(told, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True), listing
