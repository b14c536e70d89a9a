"""Where the project lies, and what its cdk.json says of stages."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


_ASSET_PATHS = {"aws:cdk:enable-asset-metadata": True}
"""With it a template says where the code of a function lies, which `sam local invoke` looks for (docs/how-to/sam.md).

CDK's command line says it by itself, and warns of whoever says it in cdk.json.
"""


def context_of_project() -> dict[str, Any]:
    """What cdk.json says: CDK's command line passes it on, and without that we read it ourselves."""
    return {**_ASSET_PATHS, **json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]}
