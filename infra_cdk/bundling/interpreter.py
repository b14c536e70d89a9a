"""Finds the interpreter that compiles a bundle: only its own version reads its byte code."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from infra_cdk.bundling.target import HERE, Target

_WHICH = "import sys; print(sys.implementation.name, '%d.%d' % sys.version_info[:2], sys.version.split()[0])"


def find_interpreter(target: Target, named: str | None = None) -> tuple[str, str] | None:
    """Path and exact version of a CPython of the target's version; None when this machine has none.

    `named` is looked at alone. Raises ValueError when it is no such interpreter.
    """
    if named is not None:
        version = _version(named, target)
        if version is None:
            raise ValueError(f"{named} is no CPython {target.python_version}: name one, or none to have it looked for.")
        return named, version
    for path in [sys.executable] if target == HERE else _candidates(target.python_version):
        version = _version(path, target)
        if version is not None:
            return path, version
    return None


def _version(path: str, target: Target) -> str | None:
    try:
        run = subprocess.run([path, "-I", "-c", _WHICH], capture_output=True, text=True, timeout=30, check=False)
    except OSError:
        return None
    name, _, told = run.stdout.strip().partition(" ")
    short, _, exact = told.partition(" ")
    return exact if (run.returncode, name, short) == (0, "cpython", target.python_version) else None


def _candidates(version: str) -> Iterator[str]:
    """On the PATH, then what uv and pyenv have installed."""
    for folder in os.get_exec_path():
        yield str(Path(folder) / f"python{version}")
    asked = [str(Path(sys.executable).with_name("uv")), "python", "find", "--managed-python", "--offline", version]
    run = subprocess.run(asked, capture_output=True, text=True, check=False)
    yield from run.stdout.splitlines()
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from (str(path) for path in sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}")))
