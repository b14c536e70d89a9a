"""Queues at the socket: takes what SqsQueue sends, keeps it, and can be told just before and just after it does."""

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from shared.outbox.message import Message
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue

Told = Callable[[str], bool]
"""Asked with what is about to happen, or just has; False: the caller is dead, so nothing more is done for it."""

PREFIX = "http://127.0.0.1/000000000000/"


class SqsLike:
    """What was sent to each queue, in order."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Message]] = []
        self.told: Told = lambda _: True
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def queue(self) -> SqsQueue:
        """A client of its own, as a function builds it."""
        return queue_at(self.url)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    def receive(self, body: Any) -> Any:
        """What SendMessageBatch answers; None to nobody."""
        name = body["QueueUrl"].removeprefix(PREFIX)
        if not self.told(f"before the send to {name}"):
            return None
        self.sent += [(name, Message.model_validate_json(entry["MessageBody"])) for entry in body["Entries"]]
        if not self.told(f"after the send to {name}"):
            return None
        return {"Successful": [{"Id": entry["Id"], "MessageId": entry["Id"]} for entry in body["Entries"]]}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                assert self.headers["X-Amz-Target"] == "AmazonSQS.SendMessageBatch"
                answer = vendor.receive(request)
                if answer is None:
                    self.close_connection = True
                    return
                content = json.dumps(answer).encode()
                self.send_response_only(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002 - the base's names
                return

        return Handler


def queue_at(url: str) -> SqsQueue:
    """A client of the queues at `url`."""
    settings = QueueSettings(
        aws_region="eu-central-1",
        aws_access_key_id="AKID",
        aws_secret_access_key="secret",
        queue_url_prefix=PREFIX,
        queue_endpoint_url=url,
    )
    return SqsQueue.of(settings)


@contextmanager
def sqs_like() -> Generator[SqsLike]:
    """Queues that live as long as the block."""
    vendor = SqsLike()
    vendor.start()
    try:
        yield vendor
    finally:
        vendor.stop()
