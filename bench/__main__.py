"""`python -m bench [--quick] [--write] [name ...]`: run the benchmarks, all or some, and print their tables."""

import sys
from functools import partial

from bench import (
    beside_celery,
    beside_peer,
    beside_vector_stores,
    coldstart,
    first_answer,
    hybrid_search,
    long_audio,
    memory,
    search_function,
    search_statement,
    webhooks,
)
from bench.counted import run as session
from bench.depth import measure as depth
from bench.scale import run as scale
from bench.warm import measure as warm

BENCHMARKS = {
    coldstart.NAME: coldstart.run,
    first_answer.NAME: first_answer.run,
    search_statement.NAME: search_statement.run,
    beside_vector_stores.NAME: partial(beside_vector_stores.run, is_quick="--quick" in sys.argv),
    depth.NAME: depth.run,
    search_function.NAME: search_function.run,
    hybrid_search.NAME: partial(hybrid_search.run, is_quick="--quick" in sys.argv),
    beside_peer.NAME: beside_peer.run,
    warm.NAME: warm.run,
    memory.NAME: memory.run,
    webhooks.NAME: webhooks.run,
    long_audio.NAME: long_audio.run,
    session.NAME: partial(session.run, is_kept="--write" in sys.argv),
    scale.NAME: partial(scale.run, is_quick="--quick" in sys.argv, is_kept="--write" in sys.argv),
    beside_celery.NAME: partial(beside_celery.run, is_quick="--quick" in sys.argv),
}


def main() -> int:
    """Run what is named; all without a name. `--quick` makes the longest short; `--write` keeps what a page shows."""
    wanted = [argument for argument in sys.argv[1:] if argument not in {"--quick", "--write"}] or list(BENCHMARKS)
    unknown = [name for name in wanted if name not in BENCHMARKS]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in wanted:
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
