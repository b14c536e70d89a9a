"""The typed Python client, generated from the document by openapi-python-client, and put into shape by ruff."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from dev.openapi.document import PATH as DOCUMENT

FOLDER = Path(__file__).parents[2] / "clients" / "python" / "second_brain_client"
"""Where it is kept."""

_CONFIG = {"package_name_override": FOLDER.name, "post_hooks": []}
_RUFF = (sys.executable, "-m", "ruff")
_BY_ITSELF = ("--isolated", "--no-cache", "--quiet", "--line-length", "120")  # no matter where it is generated


def generate(folder: Path) -> None:
    """Write the client of the document that is kept into `folder`, in place of what is there.

    Raises RuntimeError with what the generator said, when it cannot make a part of the document.
    """
    with tempfile.TemporaryDirectory() as scratch:
        config = Path(scratch) / "config.json"
        config.write_text(json.dumps(_CONFIG))
        options = ("--meta", "none", "--overwrite", "--fail-on-warning", "--config", str(config))
        given = ("--path", str(DOCUMENT), "--output-path", str(folder))
        _run(sys.executable, "-m", "openapi_python_client", "generate", *options, *given)
    _run(*_RUFF, "check", *_BY_ITSELF, "--select", "F401,I", "--fix", str(folder))
    _run(*_RUFF, "format", *_BY_ITSELF, str(folder))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[:4])} failed:\n{done.stdout}{done.stderr}")
