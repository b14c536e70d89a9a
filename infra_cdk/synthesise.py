"""Makes the templates of a stage, whatever cdk-nag finds."""

from collections.abc import Mapping
from pathlib import Path

from infra_cdk.app import make_app
from infra_cdk.checks.assembly import Assembly, read_assembly
from infra_cdk.environments import Environment


def synthesise(environment: Environment, bundles: Mapping[str, Path], folder: Path) -> Assembly:
    """Write the templates into the folder, and tell what was found.

    Raises:
        BundleMissing: a family has no folder.
    """
    app, _ = make_app(environment, bundles, outdir=folder)
    try:
        app.synth()
    except RuntimeError as error:
        if "Validation failed" not in str(error):
            raise
    return read_assembly(folder)
