"""A private key of this machine's own, kept as a PEM in the data folder so that what it signed outlives a restart."""

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def open_key(path: Path) -> rsa.RSAPrivateKey:
    """The RSA key at `path` (mode 0600); folder and key are made if missing."""
    if not path.exists():
        _create(path)
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{path} does not hold an RSA key")
    return key


def new_key() -> rsa.RSAPrivateKey:
    """A fresh key."""
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def pem_of(key: rsa.RSAPrivateKey) -> bytes:
    """The key as a PEM, in the clear."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Complete under another name first: a start that is cut off must not leave half a key.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem_of(new_key()))
    draft.replace(path)
