"""What the processes of a side take: memory, and the processor's time."""

import contextlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import psutil

BUCKET_PART = "moto (ours: queues and bucket)"
POSTGRES_PART = "Postgres"
_MB = 1_000_000


def postgres_processes(folder: Path) -> list[psutil.Process]:
    """The server that keeps its data in `folder`, and its backends; none when it is gone."""
    with contextlib.suppress(OSError, psutil.NoSuchProcess):
        server = psutil.Process(int((folder / "postmaster.pid").read_text().splitlines()[0]))
        return [server, *server.children(recursive=True)]
    return []


def megabytes(processes: Iterable[psutil.Process]) -> float:
    """Their proportional set size together: a page that several share counts once."""
    total = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            total += process.memory_full_info().pss
    return total / _MB


def peak_megabytes(processes: Iterable[psutil.Process]) -> float:
    """The largest resident set any of them ever had."""
    return max((_peak_bytes(process) for process in processes), default=0) / _MB


def processor_seconds(components: Mapping[str, list[psutil.Process]]) -> dict[str, float]:
    """What each component has used since its processes began, those that ended among its children included."""
    return {name: sum(map(_seconds, processes)) for name, processes in components.items()}


def _seconds(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.Error):
        times = process.cpu_times()
        return times.user + times.system
    return 0.0


def _peak_bytes(process: psutil.Process) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1_024
    return 0
