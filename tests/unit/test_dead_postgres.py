"""A server that died without being buried does not keep the next one from its folder."""

import os
import subprocess
import sys
import time
from pathlib import Path

from dev.postgres import forget_dead_server

DEADLINE_SECONDS = 10


def is_zombie(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def lock_of(folder: Path, pid: int) -> Path:
    lock = folder / "postmaster.pid"
    lock.write_text(f"{pid}\n{folder}\n")
    return lock


def test_the_lock_of_a_zombie_is_removed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not is_zombie(child.pid):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        lock = lock_of(tmp_path, child.pid)
        forget_dead_server(tmp_path)
        assert not lock.exists()


def test_the_lock_of_a_living_process_stays(tmp_path: Path) -> None:
    lock = lock_of(tmp_path, os.getpid())
    forget_dead_server(tmp_path)
    assert lock.exists()


def test_a_folder_without_a_lock_or_with_a_broken_one_is_left_alone(tmp_path: Path) -> None:
    forget_dead_server(tmp_path)
    lock = tmp_path / "postmaster.pid"
    lock.write_text("none")
    forget_dead_server(tmp_path)
    assert lock.exists()
