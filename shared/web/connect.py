"""A connection over HTTP by the standard library's client, which psycopg has loaded in any case.

urllib3 would be an eighth of the Init of a function that needs it for nothing else, requests a fifth (docs/adr/0043).
"""

import ssl
from functools import cache
from http.client import HTTP_PORT, HTTPS_PORT, HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit


def connect(url: str, *, connect_seconds: float, read_seconds: float, tries: int = 1) -> HTTPConnection:
    """Connected to whom the URL names, encrypted unless it begins with http:.

    Only to connect is tried again: nothing has been asked by then. Raises OSError.
    """
    connection = _connection(url, connect_seconds)
    for left in reversed(range(tries)):
        try:
            connection.connect()
            break
        except OSError:
            connection.close()
            if not left:
                raise
    connection.sock.settimeout(read_seconds)
    return connection


def _connection(url: str, connect_seconds: float) -> HTTPConnection:
    address = urlsplit(url)
    host = address.hostname or ""
    if address.scheme == "http":
        return HTTPConnection(host, address.port or HTTP_PORT, timeout=connect_seconds)
    return HTTPSConnection(host, address.port or HTTPS_PORT, timeout=connect_seconds, context=authorities())


def target_of(url: str) -> str:
    """What a request to that URL names after its method: the path, and the query."""
    return urlsplit(url)._replace(scheme="", netloc="", fragment="").geturl() or "/"


@cache
def authorities() -> ssl.SSLContext:
    """Whom this system trusts. To read them takes a third of a bare Init; whoever reads secrets has done so in Init."""
    return ssl.create_default_context()
