"""Reads secrets one by one, for whoever is to look into several that hold the same names."""

import os
from collections.abc import Mapping, Sequence

from shared.config.read_secrets import NAMES_VARIABLE, read_secrets


def read_named_secrets(names: str, environment: Mapping[str, str] | None = None) -> Sequence[Mapping[str, str]]:
    """What each of the secrets holds whose ids stand in `names`, separated by commas. Raises SettingsError."""
    source = os.environ if environment is None else environment
    ids = [name.strip() for name in names.split(",") if name.strip()]
    return [read_secrets({**source, NAMES_VARIABLE: secret_id}) for secret_id in ids]
