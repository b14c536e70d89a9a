"""What a bundle is built for: Lambda, or the machine it is built on."""

import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUNDLES = ROOT / "build" / "bundles"


@dataclass(frozen=True, kw_only=True)
class Target:
    """`python_version` as in "3.13"; `platform` as uv names it, None for this machine."""

    name: str
    python_version: str
    platform: str | None

    @property
    def folder(self) -> Path:
        """Where its bundles lie, each in a folder named for its family."""
        return BUNDLES / self.name

    @property
    def byte_code_tag(self) -> str:
        """What the interpreter calls its byte code: `cpython-313`."""
        return f"cpython-{self.python_version.replace('.', '')}"


LAMBDA = Target(name="lambda", python_version="3.13", platform="aarch64-manylinux_2_28")
"""What is deployed: python3.13 on Graviton. psycopg has no wheels for an older glibc there."""

HERE = Target(name="here", python_version=f"{sys.version_info.major}.{sys.version_info.minor}", platform=None)
"""The same for the interpreter that builds: what tests and benchmarks run."""

TARGETS = {target.name: target for target in (LAMBDA, HERE)}
