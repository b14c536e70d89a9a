"""Installs the packages of all families side by side, once: every lock pins the same versions."""

import csv
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from infra_cdk.bundling.pruning import is_pruned
from infra_cdk.bundling.target import Target

_PIN = re.compile(r"^([a-z0-9-]+)==", re.MULTILINE)
_UV = Path(sys.executable).with_name("uv")

Packages = Mapping[str, tuple[Path, ...]]
"""The files of each installed distribution that are wanted, by paths from the folder."""


class NotInstalled(Exception):
    """What uv said when the packages could not be had."""


def install_packages(locks: Iterable[Path], target: Target, folder: Path) -> None:
    """Install what the locks name into an empty `folder`, each file checked by its hash. Raises NotInstalled."""
    command = [str(_UV), "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    command += ["--python", sys.executable, "--link-mode", "copy", "--target", str(folder)]
    if target.platform is not None:
        command += ["--python-platform", target.platform, "--python-version", target.python_version]
    command += [part for lock in locks for part in ("-r", str(lock))]
    # What `make setup` or an earlier bundle fetched is in uv's cache: then nobody on the network is asked.
    for also in (["--offline"], []):
        run = subprocess.run([*command, *also], capture_output=True, text=True, check=False)
        if run.returncode == 0:
            return
    raise NotInstalled(f"The packages for {target.name} could not be installed. uv said:\n{run.stderr}")


def installed_packages(folder: Path) -> Packages:
    """What was installed into a folder, by normalised name."""
    return {_normalised(info.name): _files(info) for info in sorted(folder.glob("*.dist-info"))}


def pinned_in(lock: Path) -> frozenset[str]:
    """The names a lock pins, whatever the interpreter or machine they are for."""
    return frozenset(_PIN.findall(lock.read_text()))


def _normalised(dist_info: str) -> str:
    return re.sub(r"[-_.]+", "-", dist_info.partition("-")[0]).lower()


def _files(info: Path) -> tuple[Path, ...]:
    with (info / "RECORD").open(newline="") as record:
        paths = [PurePosixPath(row[0]) for row in csv.reader(record)]
    return tuple(sorted(Path(path) for path in paths if not is_pruned(path)))
