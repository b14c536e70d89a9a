"""The source tree as the checks of this folder read it: files, syntax trees, and the names they import."""

import ast
import gc
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
DEPLOYED = ("functions", "shared")
TOP_FOLDERS = ("functions", "shared", "infra_cdk", "dev", "bench", "evaluation", "tests")


@dataclass(frozen=True, kw_only=True)
class Module:
    """One Python file: its path from the root, and its syntax tree."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        """As one imports it."""
        return ".".join(self.path.with_suffix("").parts).removesuffix(".__init__")

    @property
    def folder(self) -> str:
        """The first two folders, as in `shared/media`."""
        return "/".join(self.path.parts[:2])


@dataclass(frozen=True, kw_only=True)
class Import:
    """A module, or a name of a module, that is imported; `name` is empty for `import module`."""

    module: str
    name: str

    @property
    def dotted(self) -> str:
        """Module and name in one."""
        return f"{self.module}.{self.name}" if self.name else self.module


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Every Python file below these folders, in order of their paths."""
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    gc.disable()  # each of a million nodes is a reason to look at all of them again, and none of them goes
    try:
        return tuple(Module(path=path.relative_to(ROOT), tree=ast.parse(path.read_text())) for path in sorted(paths))
    finally:
        is_collected = gc.get_freeze_count() > 0  # pytest's collection is over: tests/conftest.py
        gc.freeze()
        if not is_collected:
            gc.unfreeze()  # now they count as old
        gc.enable()


def imports(module: Module) -> Iterator[Import]:
    """Everything a module imports, wherever in it."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (Import(module=alias.name, name="") for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (Import(module=node.module, name=alias.name) for alias in node.names)


def calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """Every call, with the last name of what is called: `execute` for `tx.execute(...)`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield node, called_name(node)


def called_name(call: ast.Call) -> str:
    """The last name of what is called; empty for what has none."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def where(module: Module, node: ast.AST) -> str:
    """`path:line`, to be clicked."""
    return f"{module.path}:{getattr(node, 'lineno', 1)}"


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is, or would be, under version control, from the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return tuple(Path(name) for name in sorted(set(listed.split("\0"))) if name and (ROOT / name).is_file())


def text_of(path: Path) -> str | None:
    """A file's text; None for what is no text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
