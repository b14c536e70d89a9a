"""What lies in a bundle, how it is built, and what is refused."""

import json
import struct
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from functions.catalogue.shapes import Family
from infra_cdk.bundling.__main__ import complaints_of
from infra_cdk.bundling.build_bundles import build_bundles, folders
from infra_cdk.bundling.families import FAMILIES
from infra_cdk.bundling.interpreter import find_interpreter
from infra_cdk.bundling.manifest import API_LIMIT_BYTES, LAMBDA_LIMIT_BYTES, Manifest, read_manifest
from infra_cdk.bundling.native_code import misfits
from infra_cdk.bundling.target import HERE, LAMBDA, ROOT

UNCHECKED_HASH = 0b01
AARCH64, X86_64 = 0xB7, 0x3E


@pytest.fixture(scope="module")
def built() -> Mapping[Family, Manifest]:
    """The bundles for this machine, which other tests have used or will use as well."""
    return build_bundles(HERE)


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One bundle built anew, elsewhere, of its own packages only."""
    folder = tmp_path_factory.mktemp("again")
    build_bundles(HERE, folder=folder, families=("bucket",))
    return folder / "bucket"


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_bundle_built_twice_is_the_same_to_the_last_byte(built: Mapping[Family, Manifest], again: Path) -> None:
    assert read_manifest(again) == built["bucket"]
    assert files_in(again) == files_in(folders(HERE)["bucket"])


def test_a_bundle_names_no_folder_of_the_machine_that_built_it(again: Path) -> None:
    places = [f"{place}/".encode() for place in (again.parent, ROOT, sys.prefix)]
    telling = [name for name, content in files_in(again).items() if any(place in content for place in places)]
    assert telling == []


def test_byte_code_is_there_for_everything_and_is_never_compared_with_a_source(again: Path) -> None:
    files = files_in(again)
    compiled = {name: content for name, content in files.items() if name.endswith(".pyc")}
    sources = [name for name in files if name.endswith(".py")]
    assert {struct.unpack_from("<I", content, 4)[0] for content in compiled.values()} == {UNCHECKED_HASH}
    assert {name.partition("/")[0] for name in sources} == {"functions", "shared"}
    beside = {name.replace("__pycache__/", "").replace(f".{HERE.byte_code_tag}", "") for name in compiled}
    assert {f"{name}c" for name in sources} <= beside


def test_a_bundle_holds_no_other_function_and_nothing_that_tells_when_it_was_installed(again: Path) -> None:
    names = set(files_in(again))
    assert {Path(name).parts[2] for name in names if name.startswith("functions/workers/") and name.count("/") > 2} == {
        "discard_objects",
        "__pycache__",
    }
    assert [name for name in names if name.endswith(("RECORD", "INSTALLER", "direct_url.json"))] == []


@pytest.mark.parametrize(
    ("package", "certificates"),
    [
        ("firebase-admin", "certifi/cacert.pem"),
        ("groq", "certifi/cacert.pem"),
        ("stripe", "stripe/data/ca-certificates.crt"),
    ],
)
def test_whoever_calls_over_tls_has_certificates(
    built: Mapping[Family, Manifest], package: str, certificates: str
) -> None:
    carrying: list[Family] = [family for family in FAMILIES if package in built[family].packages]
    assert carrying
    assert [family for family in carrying if not (folders(HERE)[family] / certificates).is_file()] == []


def test_every_bundle_is_within_its_limit(built: Mapping[Family, Manifest]) -> None:
    assert [family for family, manifest in built.items() if manifest.is_too_large] == []
    assert {family for family, manifest in built.items() if not manifest.compiled_by} == set()


def test_a_bundle_that_is_built_is_not_built_again(built: Mapping[Family, Manifest]) -> None:
    stamps = {family: (folder / "shared" / "errors.py").stat().st_ino for family, folder in folders(HERE).items()}
    assert build_bundles(HERE) == built
    assert {
        family: (folder / "shared" / "errors.py").stat().st_ino for family, folder in folders(HERE).items()
    } == stamps


def test_too_large_is_another_size_where_somebody_waits(built: Mapping[Family, Manifest]) -> None:
    worker, api = built["audio"], built["plain"]
    assert not replace(worker, unzipped_bytes=API_LIMIT_BYTES + 1).is_too_large
    assert replace(worker, unzipped_bytes=LAMBDA_LIMIT_BYTES + 1).is_too_large
    assert replace(api, unzipped_bytes=API_LIMIT_BYTES + 1).is_too_large
    assert not replace(api, unzipped_bytes=API_LIMIT_BYTES).is_too_large


def test_bundles_without_byte_code_are_told_of(built: Mapping[Family, Manifest]) -> None:
    told = [*complaints_of(LAMBDA, [replace(built["plain"], compiled_by=None), built["audio"]])]
    assert len(told) == 1
    assert "no byte code" in told[0]
    assert "BUNDLE_PYTHON" in told[0]


def test_an_interpreter_of_another_version_compiles_nothing() -> None:
    other = replace(LAMBDA, python_version="3.4")
    with pytest.raises(ValueError, match=r"is no CPython 3\.4"):
        find_interpreter(other, sys.executable)
    assert find_interpreter(other) is None
    assert find_interpreter(HERE) == (sys.executable, sys.version.split()[0])


def test_the_command_prints_a_row_for_each_family(built: Mapping[Family, Manifest]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "infra_cdk.bundling", "here"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert all(f" {family} " in run.stdout and manifest.sha256[:12] in run.stdout for family, manifest in built.items())


def test_the_command_says_why_nothing_was_built() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "infra_cdk.bundling", "lambda", "--python", "/nowhere/python3.13"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert run.stderr == "Not built: /nowhere/python3.13 is no CPython 3.13: name one, or none to have it looked for.\n"


def elf(machine: int, *versions: str) -> bytes:
    """As much of a shared object as is looked at."""
    return b"\x7fELF" + bytes(14) + struct.pack("<H", machine) + b"\0" + "\0".join((*versions, "")).encode()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.abi3.so", elf(AARCH64, "GLIBC_2.17", "GLIBC_2.34"), None),
        ("a.cpython-313-aarch64-linux-gnu.so", elf(AARCH64, "GLIBC_2.28"), None),
        ("libz.so.1.3", elf(AARCH64), None),
        ("a.abi3.so", elf(X86_64), "is for x86_64, not aarch64"),
        ("libz.so.1.3", elf(X86_64), "is for x86_64, not aarch64"),
        ("a.cpython-311-aarch64-linux-gnu.so", elf(AARCH64), "is for CPython 311 on aarch64"),
        ("a.abi3.so", elf(AARCH64, "GLIBC_2.17", "GLIBC_2.38"), "wants glibc 2.38, there is 2.34"),
        ("a.so", b"text", "no ELF file"),
    ],
    ids=["abi3", "cpython", "library", "other-processor", "other-library", "other-python", "newer-glibc", "no-elf"],
)
def test_compiled_code_is_for_the_processor_the_python_and_the_c_library_of_lambda(
    tmp_path: Path, name: str, content: bytes, why: str | None
) -> None:
    (tmp_path / name).write_bytes(content)
    assert misfits(tmp_path, LAMBDA) == ([f"{name}: {why}"] if why else [])
    assert misfits(tmp_path, HERE) == []


def test_a_manifest_is_read_as_it_was_written(built: Mapping[Family, Manifest]) -> None:
    text = json.loads((folders(HERE)["plain"].with_name("plain.json")).read_text())
    assert text["functions"] == list(built["plain"].functions)
    assert read_manifest(folders(HERE)["plain"]) == built["plain"]
    with pytest.raises(FileNotFoundError):
        read_manifest(ROOT / "build" / "bundles" / "nowhere" / "plain")
