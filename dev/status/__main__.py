"""`python -m dev.status`: exit status 0 when all is well, 1 when somebody must see to it, 2 when nobody answers."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx
from rich.console import Console
from rich.live import Live

from dev.settings import DEFAULT_PORT
from dev.status.ask import NoAnswer, Target, ask
from dev.status.tables import screen

WELL, NEEDS_A_HAND, NO_ANSWER = 0, 1, 2
_EVERY_SECONDS = 2


def target_of(environment: Mapping[str, str]) -> Target:
    """URL and TOKEN of a deployed stage, or the local stack at PORT."""
    local = f"http://127.0.0.1:{environment.get('PORT') or DEFAULT_PORT}"
    url = (environment.get("URL") or local).rstrip("/")
    return Target(url=url, token=environment.get("TOKEN") or None)


def show_once(console: Console, get: Callable[[], dict[str, Any]]) -> int:
    """Print the tables."""
    status = get()
    console.print(screen(status))
    return WELL if status["healthy"] else NEEDS_A_HAND


def watch(console: Console, get: Callable[[], dict[str, Any]], pause: Callable[[float], bool]) -> int:
    """Print the tables again and again, in place, until `pause` says that it is enough."""
    status = get()
    with Live(screen(status), console=console, auto_refresh=False) as live:
        while pause(_EVERY_SECONDS):
            status = get()
            live.update(screen(status), refresh=True)
    return WELL if status["healthy"] else NEEDS_A_HAND


def main(environment: Mapping[str, str]) -> int:
    """What the environment asks for: once, or WATCH=1."""
    target = target_of(environment)
    console = Console(highlight=False)
    with httpx.Client(timeout=30, trust_env=target.token is not None) as http:
        try:
            if environment.get("WATCH") == "1":
                return watch(console, lambda: ask(http, target), _until_interrupted)
            return show_once(console, lambda: ask(http, target))
        except NoAnswer as error:
            print(error, file=sys.stderr)
            return NO_ANSWER


def _until_interrupted(seconds: float) -> bool:
    try:
        time.sleep(seconds)
    except KeyboardInterrupt:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(os.environ))
