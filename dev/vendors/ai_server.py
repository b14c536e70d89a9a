"""`python -m dev.vendors.ai_server --port 0`: an OpenAI-compatible server on 127.0.0.1, without key or network.

It says `ready http://127.0.0.1:<port>` when it answers, and ends at SIGTERM or SIGINT without leaving a process.
Its models are named for what they are, so that nobody mistakes a rough local draft for a vendor's answer.
"""

import argparse
import asyncio
import os
import signal

# Before numpy is imported, or not at all: its threads spin while they wait, and on two cores shared
# with the rest of the local stack one thread embeds as many sentences per second as two.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from dev.localhost import serving
from dev.vendors.ai_app import create_app
from dev.vendors.ai_models import Models


def main() -> None:
    """Serves until told to stop."""
    parser = argparse.ArgumentParser(description="A local, OpenAI-compatible AI server.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--warm", action="store_true", help="load all models at once, not when first needed")
    arguments = parser.parse_args()
    asyncio.run(_serve(arguments.port, is_warm=arguments.warm))


async def _serve(port: int, *, is_warm: bool) -> None:
    models = Models()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serving(create_app(models), port) as address:
        print(f"ready {address}", flush=True)
        if is_warm:
            await asyncio.to_thread(models.warm)
        await stop.wait()


if __name__ == "__main__":
    main()
