"""One small HTTP server for all that a function talks to: queues that take everything, an empty bucket, an embedder.

Of some queues there is a dead letter, however often somebody deletes it.
"""

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BUCKET = "media"
DIMENSIONS = 1536
DEAD_LETTERS = {
    "summarise-dlq": {"step_id": "0195f2b5-1111-7000-8000-000000000001"},
    "push-dlq": {"notification_id": "0195f2b5-2222-7000-8000-000000000001"},
    "export-account-dlq": {"transfer_id": "0195f2b5-3333-7000-8000-000000000001"},
}
"""What each is about, by its queue."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        target = self.headers.get("X-Amz-Target", "")
        self._answer(200, _queue_answer(target, request) if target else _embeddings(request))

    def do_HEAD(self) -> None:
        self._answer(200 if self.path == f"/{BUCKET}" else 404)

    def do_GET(self) -> None:
        bucket, _, query = self.path.partition("?")
        if bucket != f"/{BUCKET}":
            return self._answer(404)
        name = "ListMultipartUploadsResult" if "uploads=" in query else "ListBucketResult"
        return self._answer(200, xml=f"<{name}/>")

    def do_DELETE(self) -> None:
        self._answer(204)

    def _answer(self, status: int, body: Any = None, *, xml: str = "") -> None:
        content = xml.encode() if body is None else json.dumps(body).encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002 - the base's names
        return


def _queue_answer(target: str, request: Any) -> Any:
    letter = DEAD_LETTERS.get(request["QueueUrl"].rpartition("/")[2])
    if target == "AmazonSQS.GetQueueAttributes":
        return {"Attributes": dict.fromkeys(request["AttributeNames"], "1" if letter else "0")}
    if target == "AmazonSQS.ReceiveMessage" and letter:
        return {"Messages": [_dead_letter(letter)]}
    if target != "AmazonSQS.SendMessageBatch":
        return {}
    return {"Successful": [{"Id": entry["Id"], "MessageId": entry["Id"]} for entry in request["Entries"]], "Failed": []}


def _dead_letter(about: Any) -> Any:
    ids = {"id": "0195f2b5-0000-7000-8000-000000000001", "user_id": "0195f2a0-0000-7000-8000-00000000a11c"}
    return {
        "MessageId": "059f36b4-87a3-44ab-83d2-661975000001",
        "ReceiptHandle": "AQEBexampleReceiptHandle1==",
        "Body": json.dumps({"version": 1, **ids, "correlation_id": "phone-sessions-finalize", "body": about}),
        "Attributes": {"ApproximateReceiveCount": "6", "SentTimestamp": "1773342238390"},
    }


def _embeddings(request: Any) -> Any:
    vector = [1.0] + [0.0] * (DIMENSIONS - 1)
    data = [{"object": "embedding", "index": index, "embedding": vector} for index in range(len(request["input"]))]
    return {"object": "list", "data": data, "model": request["model"], "usage": {"prompt_tokens": 1, "total_tokens": 1}}


@contextmanager
def aws_endpoint() -> Generator[str]:
    """Its address, while the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
