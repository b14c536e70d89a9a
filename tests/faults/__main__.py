"""`make faults`: every fault of docs/reliability.md, its table printed; WRITE=1 writes the table into that page.

`make soak FAULTS=1` asks for the large sizes. SECOND_BRAIN_SEED repeats a run that found something.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.fixtures.fault_table import ROWS_VARIABLE, FaultRow, is_soak, kept, markdown
from tests.fixtures.seeds import VARIABLE, seed_of_this_run

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reliability.md"
_BEGIN, _END = "<!-- table: begin -->", "<!-- table: end -->"


def main() -> int:
    """pytest's status."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="faults") as folder:
        rows_file = Path(folder) / "rows.json"
        environment = {**os.environ, ROWS_VARIABLE: str(rows_file), VARIABLE: str(seed_of_this_run())}
        command = [sys.executable, "-m", "pytest", "-n", "3", "--dist", "worksteal", "tests/faults"]
        status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        rows = kept(rows_file)
    if status == 0 and os.environ.get("WRITE"):
        PAGE.write_text(with_table(PAGE.read_text(), rows, time.monotonic() - started))
        sys.stdout.write(f"written to {PAGE.relative_to(ROOT)}\n")
    return status


def with_table(page: str, rows: list[FaultRow], seconds: float) -> str:
    """The page with these rows between its two marks."""
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    size = "soak" if is_soak() else "`make faults`"
    told = f"Size: {size}. Seed: {seed_of_this_run()}. It took {seconds / 60:.0f} min on two shared cores."
    return f"{before}{_BEGIN}\n\n{markdown(rows)}\n\n{told}\n\n{_END}{after}"


if __name__ == "__main__":
    sys.exit(main())
