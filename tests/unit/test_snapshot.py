"""Two copies of one process draw different ids and pauses, where Lambda is going to copy it (docs/adr/0044)."""

import json
import os
import subprocess
import sys
from typing import Any

from tests.architecture.source import ROOT


def told_by_copies(*, started_as: str) -> Any:
    printed = subprocess.run(
        [sys.executable, "-m", "tests.fixtures.copied_process"],
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", os.defpath), "AWS_LAMBDA_INITIALIZATION_TYPE": started_as},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(printed.stdout)


def test_copies_of_a_snapshot_draw_afresh_and_have_every_value_finished() -> None:
    told = told_by_copies(started_as="snap-start")
    (first_id, first_pause), (second_id, second_pause) = (drawn.split() for drawn in told["drawn"])
    assert first_id != second_id
    assert first_pause != second_pause
    assert told["is_finished"]


def test_without_that_copies_would_draw_the_same() -> None:
    told = told_by_copies(started_as="on-demand")
    assert told["drawn"][0] == told["drawn"][1]
    assert not told["is_finished"]
