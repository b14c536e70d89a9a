"""What one may set of the local stack, read from the environment of `make serve`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from functions.catalogue.shapes import Family

DEFAULT_PORT = 8787
_LAST_PORT = 65_535
DEFAULT_DATA_DIR = ".local"


@dataclass(frozen=True, kw_only=True)
class Bundles:
    """The bundle of each family, and the folder of the runtime client: functions then have nothing else in reach."""

    folders: Mapping[Family, Path]
    client: Path


@dataclass(frozen=True, kw_only=True)
class StackSettings:
    """`port` 0 takes a free one. `environment` holds the providers' and Stripe's keys, if any.

    `is_warm`: a process of every function is started before the stack says that it is ready. Without `bundles`
    functions run from this tree.
    """

    port: int = DEFAULT_PORT
    data_dir: Path = Path(DEFAULT_DATA_DIR)
    is_reset: bool = False
    is_warm: bool = True
    environment: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    bundles: Bundles | None = None


def read_settings() -> StackSettings:
    """PORT, DATA_DIR, RESET=1, WARM=0, AI_PROVIDER, the vendors' keys and addresses, and what is for sale.

    Raises SystemExit with advice.
    """
    port = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not port.isdecimal() or int(port) > _LAST_PORT:
        raise SystemExit(f"PORT={port} is no port: give a number from 0 to 65535.")
    return StackSettings(
        port=int(port),
        data_dir=Path(os.environ.get("DATA_DIR") or DEFAULT_DATA_DIR),
        is_reset=os.environ.get("RESET") == "1",
        is_warm=os.environ.get("WARM") != "0",
        environment=dict(os.environ),
    )
