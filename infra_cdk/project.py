"""Where the project lies, and what its cdk.json says of stages."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def context_of_project() -> dict[str, Any]:
    """What cdk.json says: CDK's command line passes it on, and without that we read it ourselves."""
    return json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
