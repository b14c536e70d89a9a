"""A function's handler under cProfile: what `BENCH_PROFILES=<folder> python -m bench pipeline` runs in its place.

The clock is the processor's, so that a wait costs nothing. Each process writes `<function>-<pid>.prof` now and then.
"""

import cProfile
import importlib
import os
import time
from pathlib import Path
from typing import Any

from bench.pipeline.profiling import PROFILED_HANDLER, PROFILES

_EVERY = 10

_module, _, _name = os.environ[PROFILED_HANDLER].rpartition(".")
_handler = getattr(importlib.import_module(_module), _name)
_profile = cProfile.Profile(timer=time.process_time)
_kept = Path(os.environ[PROFILES]) / f"{os.environ['AWS_LAMBDA_FUNCTION_NAME']}-{os.getpid()}.prof"
_calls = 0


def handler(event: dict[str, Any], context: Any) -> Any:  # noqa: ANN401 - Lambda's own types
    """What the function's own handler answers."""
    global _calls  # noqa: PLW0603 - counts this process's calls
    _calls += 1
    try:
        return _profile.runcall(_handler, event, context)
    finally:
        if _calls % _EVERY == 0:
            _profile.dump_stats(_kept)
