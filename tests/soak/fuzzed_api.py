"""Schemathesis over a running stack, seed after seed."""

import tempfile
import time
from pathlib import Path

import httpx

from tests.e2e.phone import Phone
from tests.e2e.served import serve
from tests.e2e.test_fuzzed_api import EXAMPLES, target_of
from tests.fixtures.api_fuzzer import fuzz
from tests.fixtures.seeds import seed_of_this_run
from tests.soak.saying import say


def fuzz_api(wanted: int) -> str:
    """Until so many cases were sent. Returns what there is to say; raises AssertionError with what was wrong."""
    with tempfile.TemporaryDirectory(prefix="fuzz") as folder, httpx.Client(timeout=60) as http:
        stack = serve(Path(folder) / "served", {"RATE_LIMITS": "off"})
        try:
            done = _rounds(Phone(url=stack.url, http=http), Path(folder), wanted)
        finally:
            stack.stop()
    return f"{done:,} cases of Schemathesis, 0 5xx, 0 undocumented statuses, types, headers or shapes"


def _rounds(phone: Phone, folder: Path, wanted: int) -> int:
    started, done, number = time.monotonic(), 0, 0
    while done < wanted:
        # Anew for each round: a token is good for an hour, and what it names may be deleted by then.
        found = fuzz(target_of(phone), folder, seed=seed_of_this_run() + number, examples=EXAMPLES)
        assert found.wrong == [], "\n\n".join(found.wrong)
        done, number = done + found.cases, number + 1
        say(f"\r  {done:>9,} of {wanted:,}  {done / (time.monotonic() - started):5.0f}/s")
    return done
