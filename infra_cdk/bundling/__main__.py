"""`python -m infra_cdk.bundling [lambda|here] [--python PATH]`: builds the bundles and prints what they weigh."""

import argparse
import sys
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from infra_cdk.bundling.build_bundles import build_bundles
from infra_cdk.bundling.manifest import Manifest
from infra_cdk.bundling.target import LAMBDA, ROOT, TARGETS, Target

_MEGABYTE = 1_000_000


def main(arguments: list[str]) -> int:
    """Exit status: 0 when every bundle is within its limit, 1 when one is too large, 2 when none could be built."""
    parser = argparse.ArgumentParser(prog="python -m infra_cdk.bundling", description=__doc__)
    parser.add_argument("target", choices=TARGETS, nargs="?", default=LAMBDA.name)
    parser.add_argument("--python", help="the interpreter that compiles; looked for when left out")
    asked = parser.parse_args(arguments)
    target = TARGETS[asked.target]
    try:
        manifests = [*build_bundles(target, python=asked.python or None).values()]
    except Exception as error:  # noqa: BLE001 - whatever it is: a person reads why, not a traceback
        print(f"Not built: {error}", file=sys.stderr)
        return 2
    console = Console(width=140)
    console.print(_table(target, manifests))
    complaints = [*complaints_of(target, manifests)]
    for complaint in complaints:
        console.print(complaint, style="bold")
    return int(any(manifest.is_too_large for manifest in manifests))


def _table(target: Target, manifests: Iterable[Manifest]) -> Table:
    title = f"Bundles for {target.name}, in {target.folder.relative_to(ROOT)}"
    table = Table("family", "functions", "files", "MB", "MB zipped", ".pyc", "sha256", title=title)
    for manifest in manifests:
        table.add_row(
            manifest.family,
            ", ".join(manifest.functions),
            f"{manifest.files:,}",
            _megabytes(manifest.unzipped_bytes),
            _megabytes(manifest.zipped_bytes) if manifest.zipped_bytes else "-",
            f"by {manifest.compiled_by}" if manifest.compiled_by else "no",
            manifest.sha256[:12],
        )
    return table


def complaints_of(target: Target, manifests: Iterable[Manifest]) -> Iterable[str]:
    """What a person has to know of these bundles, a sentence each: too large, or without byte code."""
    for manifest in manifests:
        if manifest.is_too_large:
            limit = "an API function may have" if manifest.serves_api else "Lambda takes"
            yield f"{manifest.family} is larger than {limit}: {_megabytes(manifest.unzipped_bytes)} MB."
        if manifest.compiled_by is None:
            yield (
                f"{manifest.family} has no byte code, so its cold starts take about twice as long, and `make deploy` "
                f"refuses it: no CPython {target.python_version} was found. Install one, or name it: "
                f"make bundle BUNDLE_PYTHON=/path/to/python{target.python_version}"
            )


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / _MEGABYTE:.1f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
