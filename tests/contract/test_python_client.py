"""The Python client is what its generator makes of the document of the API."""

import filecmp
from pathlib import Path

from dev.openapi import python_client


def test_the_client_that_is_kept_is_the_one_the_document_makes(tmp_path: Path) -> None:
    anew = tmp_path / python_client.FOLDER.name
    python_client.generate(anew)
    files = [_files(folder) for folder in (python_client.FOLDER, anew)]
    assert files[0] == files[1], "run `make client`"
    _, different, unreadable = filecmp.cmpfiles(python_client.FOLDER, anew, files[0], shallow=False)
    assert different + unreadable == [], "run `make client`"
    assert len(files[0]) > 100


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.py"))
