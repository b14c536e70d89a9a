"""First code of a function's process: ties its life to the parent's, then becomes `python -m awslambdaric`.

Run as a script, `python -P start_process.py <parent pid> <handler>`. It imports next to nothing: what it
imports, every cold start pays.
"""

import ctypes
import os
import runpy
import sys

_PR_SET_PDEATHSIG = 1
_SIGKILL = 9


def _die_with_parent(parent_pid: int) -> None:
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL)
    if os.getppid() != parent_pid:  # it died before the line above
        os._exit(1)


def main() -> None:
    """Read `<parent pid> <handler>` from the command line and run the real runtime client."""
    _die_with_parent(int(sys.argv[1]))
    sys.argv = ["awslambdaric", sys.argv[2]]
    runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
