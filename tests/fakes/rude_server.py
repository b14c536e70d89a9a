"""A server that reads one request per connection and then does with the bare socket what no HTTP library would."""

import socket
import struct
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

Behaviour = Callable[[socket.socket, Event], None]
"""What to do once the request has come; the event is set when the server is to end."""


@dataclass(kw_only=True)
class RudeServer:
    """`heads` are the requests' first lines and headers as they came, `behaviour` what each is answered with."""

    behaviour: Behaviour
    url: str = ""
    heads: list[str] = field(default_factory=list[str])


@contextmanager
def rude_server(behaviour: Behaviour) -> Generator[RudeServer]:
    """The server, while the block lasts."""
    over = Event()
    server = RudeServer(behaviour=behaviour)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = Thread(target=_accept, args=(listener, server, over), daemon=True)
        thread.start()
        yield server
        over.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _accept(listener: socket.socket, server: RudeServer, over: Event) -> None:
    with suppress(OSError):
        while not over.is_set():
            connection, _ = listener.accept()
            threading.Thread(target=_serve, args=(connection, server, over), daemon=True).start()


def _serve(connection: socket.socket, server: RudeServer, over: Event) -> None:
    with connection, suppress(OSError):
        server.heads.append(_read_request(connection))
        server.behaviour(connection, over)


def _read_request(connection: socket.socket) -> str:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _some(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    length = next((int(line.partition(":")[2]) for line in lines if line.startswith("content-length:")), 0)
    while len(body) < length:
        body += _some(connection)
    return head.decode()


def _some(connection: socket.socket) -> bytes:
    chunk = connection.recv(65_536)
    if not chunk:
        raise ConnectionError("the client hung up in the middle of its request")
    return chunk


def head(status: int = 200, **headers: str | int) -> bytes:
    """The beginning of the connection's only answer, up to its body."""
    lines = [
        f"HTTP/1.1 {status} Whatever",
        "connection: close",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def sends(*parts: bytes) -> Behaviour:
    """Everything at once, then the end."""
    return lambda connection, _: connection.sendall(b"".join(parts))


def repeats(first: bytes, part: bytes) -> Behaviour:
    """`part` over and over, as fast as it is taken."""

    def behave(connection: socket.socket, over: Event) -> None:
        connection.sendall(first)
        while not over.is_set():
            connection.sendall(part)

    return behave


def drips(first: bytes, part: bytes, *, every_seconds: float) -> Behaviour:
    """`part` over and over, one byte at a time."""

    def behave(connection: socket.socket, over: Event) -> None:
        connection.sendall(first)
        while True:
            for number in range(len(part)):
                if over.wait(every_seconds):
                    return
                connection.sendall(part[number : number + 1])

    return behave


def hangs(first: bytes = b"") -> Behaviour:
    """Nothing more, and the connection stays open."""

    def behave(connection: socket.socket, over: Event) -> None:
        connection.sendall(first)
        over.wait(30)

    return behave


def resets(first: bytes = b"") -> Behaviour:
    """The connection is reset, as by a process that died."""

    def behave(connection: socket.socket, _: Event) -> None:
        connection.sendall(first)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return behave
