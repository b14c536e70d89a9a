"""`python -m bench.served.peer <database url> <queue url> <direct|pooled>`: the peer; no queue, nothing sent."""

import sys

from bench.peer.app import create_app
from bench.peer.sqs import SqsClient
from bench.served.serve import serve
from bench.served.stopwatch import Stopwatch, telling, timed


def main() -> None:
    """Serve until told to stop. Its access log is on, for ours writes a line for each request too."""
    database_url, queue_url, mode = sys.argv[1:]
    scheme_and_rest = f"postgresql+asyncpg://{database_url.partition('://')[2]}"
    stopwatch = Stopwatch()
    app = create_app(scheme_and_rest, SqsClient(queue_url) if queue_url else None, mode=mode)
    serve(telling(timed(app, stopwatch), stopwatch), access_log=True)


if __name__ == "__main__":
    main()
