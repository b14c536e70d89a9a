"""Builds the bundles of a target: packages once, our code once, and of both a selection for each family."""

import fcntl
import os
import platform
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from functions.catalogue.shapes import Family
from infra_cdk.bundling.byte_code import as_byte_code, compile_tree, with_byte_code
from infra_cdk.bundling.digest import Scales, fingerprint
from infra_cdk.bundling.families import FAMILIES, functions_of, lock_of
from infra_cdk.bundling.imported_code import Needed, needed_by
from infra_cdk.bundling.interpreter import find_interpreter
from infra_cdk.bundling.manifest import Manifest, read_manifest, write_manifest
from infra_cdk.bundling.native_code import misfits
from infra_cdk.bundling.packages import Packages, install_packages, installed_packages, pinned_in
from infra_cdk.bundling.target import ROOT, Target


class DoesNotFit(Exception):
    """Compiled code in a bundle that its target could not load."""


@dataclass(frozen=True, kw_only=True)
class _Build:
    """One run: `python` and `compiled_by` are None when no interpreter of the target's version was found."""

    target: Target
    folder: Path
    families: tuple[Family, ...]
    python: str | None
    compiled_by: str | None

    @property
    def packages(self) -> Path:
        return self.folder / ".packages"

    @property
    def ours(self) -> Path:
        return self.folder / ".ours"


def build_bundles(
    target: Target, *, python: str | None = None, folder: Path | None = None, families: tuple[Family, ...] = FAMILIES
) -> dict[Family, Manifest]:
    """Build what is not built already; the bundles lie in `folder` (by default the target's), one for each family.

    `python` names the interpreter that compiles; without it one is looked for. Raises NotInstalled, DoesNotCompile,
    DoesNotFit, and ValueError when `python` is not of the target's version.
    """
    found = find_interpreter(target, python)
    path, version = found or (None, None)
    build = _Build(target=target, folder=folder or target.folder, families=families, python=path, compiled_by=version)
    build.folder.mkdir(parents=True, exist_ok=True)
    with (build.folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test processes want the same bundles at the same time
        return _built(build)


def _built(build: _Build) -> dict[Family, Manifest]:
    needed: dict[Family, Needed] = {family: _needed(family) for family in build.families}
    made_of = _fingerprint(build, {file for need in needed.values() for file in need.files})
    stamp = build.folder / ".bundles"
    if _is_of(stamp, made_of) and all((build.folder / family).is_dir() for family in build.families):
        return {family: read_manifest(build.folder / family) for family in build.families}
    stamp.unlink(missing_ok=True)
    _have_packages(build)
    _copy_ours(build, needed.values())
    scales = Scales(zips=build.target.platform is not None)
    built: dict[Family, Manifest] = {family: _bundle(build, family, need, scales) for family, need in needed.items()}
    stamp.write_text(made_of)
    return built


def _needed(family: Family) -> Needed:
    return needed_by(function.handler for function in functions_of(family))


def _have_packages(build: _Build) -> None:
    """All packages of all families in one folder, compiled."""
    made_of = _fingerprint(build, ())
    stamp = build.folder / ".installed"
    if _is_of(stamp, made_of):
        return
    stamp.unlink(missing_ok=True)
    _emptied(build.packages)
    install_packages([lock_of(family) for family in build.families], build.target, build.packages)
    files = [file for files in installed_packages(build.packages).values() for file in files]
    for file in files:
        (build.packages / file).chmod(0o755 if ".so" in file.suffixes else 0o644)
    if build.python is not None:
        compile_tree(build.packages, files, build.python, replaces_sources=True)
    stamp.write_text(made_of)


def _copy_ours(build: _Build, needed: Iterable[Needed]) -> None:
    """All code of ours that any family needs in one folder, compiled."""
    _emptied(build.ours)
    files = {file for need in needed for file in need.files}
    for file in files:
        (build.ours / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, build.ours / file)
        (build.ours / file).chmod(0o644)
    if build.python is not None:
        compile_tree(build.ours, files, build.python)


def _bundle(build: _Build, family: Family, need: Needed, scales: Scales) -> Manifest:
    """One family's folder, of hard links, and its manifest beside it."""
    installed = installed_packages(build.packages)
    packages = sorted(pinned_in(lock_of(family)) & set(installed))
    bundle = build.folder / family
    _emptied(bundle)
    files = _link(build.ours, _of_ours(build, need), bundle)
    files += _link(build.packages, _of_packages(build, installed, packages), bundle)
    wrong = misfits(bundle, build.target)
    if wrong:
        raise DoesNotFit(f"{bundle} holds what {build.target.name} could not load:\n" + "\n".join(wrong))
    weight = scales.weigh(bundle, files)
    functions = functions_of(family)
    manifest = Manifest(
        family=family,
        target=build.target.name,
        functions=tuple(function.name for function in functions),
        packages=tuple(packages),
        serves_api=any(function.routes for function in functions),
        files=len(files),
        unzipped_bytes=weight.unzipped_bytes,
        zipped_bytes=weight.zipped_bytes,
        sha256=weight.sha256,
        compiled_by=build.compiled_by,
    )
    write_manifest(bundle, manifest)
    return manifest


def _link(source: Path, files: Iterable[Path], bundle: Path) -> list[Path]:
    linked = [*files]
    for file in linked:
        (bundle / file).parent.mkdir(parents=True, exist_ok=True)
        os.link(source / file, bundle / file)
    return linked


def _of_ours(build: _Build, needed: Needed) -> list[Path]:
    if build.python is None:
        return [*needed.files]
    return [part for file in needed.files for part in with_byte_code(file, build.target.byte_code_tag)]


def _of_packages(build: _Build, installed: Packages, names: Iterable[str]) -> list[Path]:
    files = [file for name in names for file in installed[name]]
    return files if build.python is None else [as_byte_code(file) for file in files]


def _fingerprint(build: _Build, files: Iterable[Path]) -> str:
    """Of the files, and of what makes any bundle what it is: the locks, the builder, the interpreter."""
    always = [*(ROOT / "infra_cdk" / "bundling").glob("*.py"), *(lock_of(family) for family in build.families)]
    if files:
        always += (ROOT / "functions" / "catalogue").glob("*.py")
    words = (
        *build.families,
        build.target.name,
        build.target.python_version,
        build.compiled_by or "",
        platform.machine(),
    )
    return fingerprint(ROOT, [*files, *(path.relative_to(ROOT) for path in always)], *words)


def _is_of(stamp: Path, made_of: str) -> bool:
    return stamp.is_file() and stamp.read_text() == made_of


def _emptied(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def folders(target: Target) -> Mapping[Family, Path]:
    """Where the bundle of each family lies when it is built: what stacks are given."""
    return {family: target.folder / family for family in FAMILIES}
