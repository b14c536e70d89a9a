"""The door of a PostgreSQL server: TLS, then a question for a password, which is kept, and refused.

It speaks the first messages of the protocol only, as the documentation has them
(https://www.postgresql.org/docs/18/protocol-message-formats.html).
"""

import socket
import ssl
import struct
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.fixtures.counted_wire import exactly

ADDRESS = "127.0.0.1"
_CLEARTEXT_PASSWORD = b"R" + struct.pack("!ii", 8, 3)
_FIELDS = b"SFATAL\0C28P01\0Mrefused\0\0"
_REFUSED = b"E" + struct.pack("!i", len(_FIELDS) + 4) + _FIELDS


@dataclass(frozen=True, kw_only=True)
class Door:
    """Where it is, the authority that vouches for it, and the passwords it was given, in their order."""

    port: int
    authority: Path
    passwords: list[str] = field(default_factory=list[str])


def _certificate(folder: Path) -> tuple[Path, Path]:
    """Its certificate, which vouches for itself, and the key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "door")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(ADDRESS))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "door.key").write_bytes(private)
    (folder / "door.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return folder / "door.crt", folder / "door.key"


def _ask(stream: socket.socket) -> str:
    """After its start-up message, the password somebody sends."""
    (size,) = struct.unpack("!i", exactly(stream, 4))
    exactly(stream, size - 4)
    stream.sendall(_CLEARTEXT_PASSWORD)
    _, size = struct.unpack("!ci", exactly(stream, 5))
    password = exactly(stream, size - 4).rstrip(b"\0").decode()
    stream.sendall(_REFUSED)
    return password


@contextmanager
def postgres_door(folder: Path) -> Generator[Door]:
    """It, while the block lasts; its certificate lies in `folder`."""
    certificate, key = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listening = socket.create_server((ADDRESS, 0))
    door = Door(port=listening.getsockname()[1], authority=certificate)

    def serve() -> None:
        with suppress(OSError):
            while True:
                plain, _ = listening.accept()
                with suppress(OSError, EOFError), plain:
                    exactly(plain, 8)  # "may I have TLS?"
                    plain.sendall(b"S")
                    with context.wrap_socket(plain, server_side=True) as stream:
                        door.passwords.append(_ask(stream))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield door
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)
