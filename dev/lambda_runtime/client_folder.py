"""The runtime client in a folder of its own, as Lambda's image has it beside the bundle."""

from importlib.metadata import distribution
from pathlib import Path

_DISTRIBUTIONS = ("awslambdaric", "simplejson", "snapshot-restore-py")


def make_client_folder(folder: Path) -> Path:
    """Link the client, as it is installed here, and what it needs into a new folder; the folder.

    Raises FileExistsError when the folder holds them already.
    """
    for name in _DISTRIBUTIONS:
        installed = distribution(name)
        for file in installed.files or ():
            if ".." not in file.parts:
                target = folder / file
                target.parent.mkdir(parents=True, exist_ok=True)
                target.symlink_to(str(installed.locate_file(file)))
    return folder
