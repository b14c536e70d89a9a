"""`make serve` as a process of its own, and the processes it leaves."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90
STOP_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class Served:
    """A running `python -m dev serve`."""

    url: str
    data_dir: Path
    process: "subprocess.Popen[str]"

    def stop(self) -> int:
        """SIGTERM, as a supervisor would; returns the exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS)
        finally:
            if self.process.poll() is None:
                self.process.kill()
            if self.process.stdout:
                self.process.stdout.close()


DIRECTLY = (sys.executable, "-m", "dev", "serve")
THROUGH_MAKE = ("make", "--silent", f"VENV={sys.prefix}", "serve")


def serve(data_dir: Path, environment: Mapping[str, str] | None = None, command: Sequence[str] = DIRECTLY) -> Served:
    """Start it on a free port, keeping its data in `data_dir`; without any provider key but those given."""
    clean = {name: value for name, value in os.environ.items() if not name.endswith(("_API_KEY", "_BASE_URL"))}
    # Most of the functions are met by no one test: they start when they are asked for.
    variables = {**clean, "PORT": "0", "WARM": "0", "DATA_DIR": str(data_dir), **(environment or {})}
    process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True)
    deadline = monotonic() + START_SECONDS
    while monotonic() < deadline and process.poll() is None:
        line = process.stdout.readline() if process.stdout else ""
        if line.startswith("ready "):
            return Served(url=line.removeprefix("ready ").strip(), data_dir=data_dir, process=process)
    process.kill()
    process.communicate()
    raise RuntimeError(f"the stack did not start; see {data_dir / 'stack.log'}")


def start_and_stop(data_dir: Path, after_seconds: float) -> None:
    """SIGTERM while it is still starting, at whatever it is by then."""
    process = subprocess.Popen(
        DIRECTLY, cwd=ROOT, env={**os.environ, "PORT": "0", "DATA_DIR": str(data_dir)}, stdout=subprocess.DEVNULL
    )
    sleep(after_seconds)
    process.send_signal(signal.SIGTERM)
    process.wait(STOP_SECONDS)


def processes_naming(text: str) -> list[int]:
    """Ids of living processes whose command line or environment names `text`."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal() or int(entry.name) == os.getpid():
            continue
        with suppress(OSError):
            if text.encode() in (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes():
                found.append(int(entry.name))
    return found


def wait_until_gone(text: str, seconds: float = 10) -> list[int]:
    """The processes that still name `text` when the time is up: none, one hopes."""
    deadline = monotonic() + seconds
    while (left := processes_naming(text)) and monotonic() < deadline:
        sleep(0.1)
    return left
