"""`python -m dev.smoke prod`: does a stage answer after a deploy, and is it this version?

Exit status 0 when every part of it answers and the version is that of this tree, 1 when not, 2 when it is not known
where to ask. `URL=` asks there; else the output of the stage's stack says where.
"""

import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import boto3
import httpx
from botocore.exceptions import BotoCoreError, ClientError

from shared.version import VERSION

WELL, ILL, UNKNOWN = 0, 1, 2
_TRIES, _PAUSE_SECONDS = 12, 5
"""A minute: a database that sleeps is awake within a few seconds, and a domain follows its API in less."""

Answer = Callable[[], Mapping[str, Any]]


class NowhereToAsk(Exception):
    """The stage has no address that we know of; the message says why."""


def what_is_wrong(ask: Answer, version: str, pause: Callable[[float], None]) -> str:
    """Ask until all is well, a minute long; the empty string, or what was wrong at last."""
    wrong = "it was not asked"
    for attempt in range(_TRIES):
        if attempt:
            pause(_PAUSE_SECONDS)
        wrong = _wrong(ask, version)
        if not wrong:
            break
    return wrong


def _wrong(ask: Answer, version: str) -> str:
    try:
        told = ask()
    except (httpx.HTTPError, ValueError) as error:
        return f"no answer that can be read: {type(error).__name__}"
    if told.get("version") != version:
        return f"it answers as version {told.get('version')}, and {version} was deployed"
    if told.get("status") != "healthy":
        parts = ", ".join(f"{part} {state}" for part, state in sorted(told.items()) if state == "unreachable")
        return f"it is not healthy: {parts or 'it does not say why'}"
    return ""


def url_of(stage: str, stacks: Any) -> str:  # noqa: ANN401 - boto3 has no type of its own
    """Where a stage answers, by its stack's output. Raises NowhereToAsk."""
    name = f"second-brain-{stage}-api"
    try:
        (found,) = stacks.describe_stacks(StackName=name)["Stacks"]
    except (BotoCoreError, ClientError) as error:
        raise NowhereToAsk(f"The stack {name} cannot be read ({error}). Say where to ask: URL=https://...") from error
    outputs = {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}
    if "Url" not in outputs:
        raise NowhereToAsk(f"The stack {name} does not say where it answers. Say it: URL=https://...")
    return str(outputs["Url"])


def main(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Ask, and say what came of it."""
    try:
        url = environment.get("URL") or url_of(arguments[0] if arguments else "dev", boto3.client("cloudformation"))
    except (NowhereToAsk, BotoCoreError) as error:
        print(error, file=sys.stderr)
        return UNKNOWN
    with httpx.Client(timeout=30) as http:
        wrong = what_is_wrong(lambda: http.get(f"{url.rstrip('/')}/api/health").json(), VERSION, time.sleep)
    print(f"{url}: {wrong}." if wrong else f"{url}: healthy, version {VERSION}.")
    return ILL if wrong else WELL


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:], os.environ))
