"""The master key of the local stack, in the data folder so that what it sealed outlives a restart."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

KEY_FILE = "vault-key.hex"
_KEY_BYTES = 32


def vault_settings(data_dir: Path) -> dict[str, str]:
    """The settings as functions read them; the file (mode 0600) is made if missing."""
    path = data_dir / KEY_FILE
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")  # a start that is cut off must not leave half a key
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_hex(_KEY_BYTES))
        draft.replace(path)
    return _settings(path.read_text().strip())


def settings_of_nobody() -> Mapping[str, str]:
    """Settings that functions start with, for whoever only measures or starts them."""
    return _settings("00" * _KEY_BYTES)


def _settings(keys: str) -> dict[str, str]:
    return {"VAULT_KEYS": keys, "VAULT_KEY_ID": "", "KMS_ENDPOINT_URL": ""}
