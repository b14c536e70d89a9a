"""What is known of a bundle: a JSON file beside its folder."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

API_LIMIT_BYTES = 60_000_000
"""Ours, for bundles of functions that a person waits for."""

LAMBDA_LIMIT_BYTES = 250 * 1_024 * 1_024
"""Lambda's, unzipped, layers included: "Lambda quotas" in AWS's developer guide."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """`compiled_by` is the exact Python that made its byte code, None when it has none.

    Without byte code each cold start compiles what it imports, which takes about twice as long.
    """

    family: str
    target: str
    functions: tuple[str, ...]
    packages: tuple[str, ...]
    serves_api: bool
    files: int
    unzipped_bytes: int
    zipped_bytes: int
    sha256: str
    compiled_by: str | None

    @property
    def is_too_large(self) -> bool:
        """Whether it is above its limit."""
        return self.unzipped_bytes > (API_LIMIT_BYTES if self.serves_api else LAMBDA_LIMIT_BYTES)


def manifest_file(bundle: Path) -> Path:
    """Where the manifest of a bundle lies: beside it, for what is in it is deployed."""
    return bundle.with_name(f"{bundle.name}.json")


def write_manifest(bundle: Path, manifest: Manifest) -> None:
    """Write it beside the bundle."""
    manifest_file(bundle).write_text(f"{json.dumps(asdict(manifest), indent=2)}\n")


def read_manifest(bundle: Path) -> Manifest:
    """Of the bundle in that folder. Raises FileNotFoundError when it was not built."""
    told: dict[str, Any] = json.loads(manifest_file(bundle).read_text())
    told |= {"functions": tuple(told["functions"]), "packages": tuple(told["packages"])}
    return Manifest(**told)
