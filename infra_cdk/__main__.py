"""Starts what speaks to CDK, in the Node of `.venv`: `python -m infra_cdk app`, or `... synth stage=dev`."""

import os
import sys

from infra_cdk.node import VARIABLE, NodeMissing, node

_MODULES = {"app": "infra_cdk.app", "synth": "infra_cdk.show_stage"}


def main(arguments: list[str]) -> None:
    """Become the program that is asked for; exit with a sentence when there is none of that name, or no Node."""
    module = _MODULES.get(arguments[0]) if arguments else None
    if module is None:
        sys.exit(f"Say which: {', '.join(_MODULES)}.")
    try:
        os.environ.setdefault(VARIABLE, node())
    except NodeMissing as error:
        sys.exit(str(error))
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments[1:]])  # noqa: S606 - itself, once more


if __name__ == "__main__":
    main(sys.argv[1:])
