"""`python -m bench.pipeline.our_stack <data folder> <providers' url>`: the local stack as `make serve` runs it.

All functions are as deployed, each in processes of its own; only the pools write down when they got which message.
"""

import asyncio
import signal
import sys
from pathlib import Path
from unittest.mock import patch

from bench.pipeline.timed_pool import TimedPool
from dev.settings import StackSettings
from dev.stack import running


def _environment(providers_url: str) -> dict[str, str]:
    """Every provider is the instant one, under its own name."""
    return {
        "GROQ_API_KEY": "instant",
        "GROQ_BASE_URL": providers_url,
        "OPENAI_API_KEY": "instant",
        "OPENAI_BASE_URL": f"{providers_url}/v1",
        "DEEPSEEK_API_KEY": "instant",
        "DEEPSEEK_BASE_URL": providers_url,
    }


async def _serve(data_dir: Path, providers_url: str) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    settings = StackSettings(port=0, data_dir=data_dir, environment=_environment(providers_url))
    with patch("dev.stack.FunctionPool", TimedPool):
        async with running(settings) as stack:
            print(f"ready {stack.url}", flush=True)
            await stopped.wait()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), sys.argv[2]))
