"""Looks at compiled extensions: are they for the processor, the Python and the C library of the target?"""

import re
import struct
from collections.abc import Iterator
from pathlib import Path

from infra_cdk.bundling.target import Target

_ELF = b"\x7fELF"
_MACHINE = {0xB7: "aarch64", 0x3E: "x86_64"}
_ABI = re.compile(r"\.cpython-(\d+)-(\w+?)-linux")
_GLIBC = re.compile(rb"\0GLIBC_2\.(\d+)(?:\.\d+)?(?=\0)")
NEWEST_GLIBC = 34
"""The minor version of Amazon Linux 2023, which Lambda's python3.13 runs on: glibc 2.34."""


def misfits(root: Path, target: Target) -> list[str]:
    """What the target could not load, and why; empty when all is well, and for this machine, which will tell itself."""
    if target.platform is None:
        return []
    machine = target.platform.partition("-")[0]
    shared = (path for path in sorted(root.rglob("*")) if ".so" in path.suffixes and path.is_file())
    return [
        f"{path.relative_to(root)}: {misfit}"
        for path in shared
        for misfit in _misfits(path, machine, target.byte_code_tag.removeprefix("cpython-"))
    ]


def _misfits(path: Path, machine: str, abi: str) -> Iterator[str]:
    content = path.read_bytes()
    if content[:4] != _ELF:
        yield "no ELF file"
        return
    found = _MACHINE.get(struct.unpack_from("<H", content, 18)[0])
    if found != machine:
        yield f"is for {found}, not {machine}"
    tagged = _ABI.search(path.name)
    if tagged and tagged.groups() != (abi, machine):
        yield f"is for CPython {tagged[1]} on {tagged[2]}"
    newest = max((int(minor) for minor in _GLIBC.findall(content)), default=0)
    if newest > NEWEST_GLIBC:
        yield f"wants glibc 2.{newest}, there is 2.{NEWEST_GLIBC}"
