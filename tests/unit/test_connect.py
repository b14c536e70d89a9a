"""Connections are encrypted to servers that somebody vouches for, and only connecting is tried again."""

import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import SHUT_RDWR, create_server, socket
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shared.aws import signed_http
from shared.aws.signed_http import SignedHttp
from shared.config.credentials import Credentials
from shared.errors import VendorDown
from shared.web import connect as module
from shared.web.connect import connect

DAY = timedelta(days=1)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of 127.0.0.1, by itself; its key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - DAY, now + DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, SHA256())
    )
    path = tmp_path / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(made.public_bytes(Encoding.PEM) + private)
    return path


@pytest.fixture
def port(certificate: Path) -> Iterator[int]:
    """Of a server that encrypts what it is told to, and hangs up."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=_greet, args=(server, context))
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(SHUT_RDWR)
        thread.join()


def _greet(server: socket, context: ssl.SSLContext) -> None:
    with suppress(OSError):  # the end of `accept` when the server is shut
        while True:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                context.wrap_socket(connection, server_side=True).close()


def test_a_server_that_nobody_vouches_for_is_refused_each_time(port: int) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="self-signed"):
        connect(f"https://localhost:{port}", connect_seconds=5, read_seconds=5, tries=2)


def test_a_server_is_trusted_under_its_own_name_only(
    port: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(module, "authorities", lambda: trusting)
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        connect(f"https://127.0.0.1:{port}", connect_seconds=5, read_seconds=5)
    connect(f"https://localhost:{port}", connect_seconds=5, read_seconds=5).close()


def test_signed_requests_go_to_whom_somebody_vouches_for_as_well(
    port: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = Credentials(access_key="a", secret_key="b")
    http = SignedHttp(credentials=key, region="eu-central-1", service="s3")
    with pytest.raises(VendorDown) as refused:
        http.send("GET", f"https://localhost:{port}/bucket/key")
    assert "self-signed" in str(refused.value.__cause__)
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(signed_http, "authorities", lambda: trusting)
    with pytest.raises(VendorDown) as hung_up:
        http.send("GET", f"https://localhost:{port}/bucket/key")
    assert "certificate" not in str(hung_up.value.__cause__)
    with pytest.raises(VendorDown) as another:
        http.send("GET", f"https://127.0.0.1:{port}/bucket/key")
    assert "mismatch" in str(another.value.__cause__)


def test_the_time_to_connect_is_not_the_time_to_read() -> None:
    with create_server(("127.0.0.1", 0)) as server:
        connection = connect(f"http://127.0.0.1:{server.getsockname()[1]}", connect_seconds=5, read_seconds=0.1)
        assert connection.sock.gettimeout() == 0.1
        connection.close()


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [("http://[::1]", "::1", 80), ("https://[::1]:8443/a", "::1", 8443), ("https://a", "a", 443)],
)
def test_a_port_that_is_not_said_is_the_schemes(url: str, host: str, port: int) -> None:
    connection = module._connection(url, 5)
    assert (connection.host, connection.port) == (host, port)


def test_who_is_not_there_is_an_error_after_all_tries() -> None:
    with create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        connect(f"http://127.0.0.1:{port}", connect_seconds=5, read_seconds=5, tries=2)
