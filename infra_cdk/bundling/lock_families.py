"""Writes the lock of each family: the versions everybody tests with, and nothing that no function loads.

`python -m infra_cdk.bundling.lock_families`, which `make lock` does after it has resolved requirements/dev.txt.
"""

import subprocess
import sys
from pathlib import Path

from functions.catalogue.shapes import Family
from infra_cdk.bundling.families import FAMILIES, lock_of
from infra_cdk.bundling.pruning import LEFT_OUT, LEFT_OUT_BESIDE_STRIPE
from infra_cdk.bundling.target import ROOT

_UV = Path(sys.executable).with_name("uv")
_PLAIN_FILE = ("--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate")


def lock_families() -> None:
    """Resolve every family's group of pyproject.toml. Raises CalledProcessError; uv has said why."""
    for family in FAMILIES:
        subprocess.run(_command(family), cwd=ROOT, check=True)


def _command(family: Family) -> list[str]:
    command = [str(_UV), "pip", "compile", "--quiet", "pyproject.toml", "--group", family]
    command += ["--constraints", "requirements/dev.txt", "--universal", "--python-version", "3.11", "--generate-hashes"]
    left_out = (*LEFT_OUT, *LEFT_OUT_BESIDE_STRIPE.get(family, ()))
    command += [part for name in left_out for part in ("--no-emit-package", name)]
    return [*command, *_PLAIN_FILE, "--output-file", str(lock_of(family).relative_to(ROOT))]


if __name__ == "__main__":
    lock_families()
