"""Which files of ours a function needs: its handler, and what that imports, directly or not."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from infra_cdk.bundling.target import ROOT

OURS = ("functions", "shared")

READ_AT_RUN_TIME = {
    "functions.api.openapi.handler": "functions/api/openapi/openapi.json",
    "shared.ai.prompt_file": "shared/ai/prompts",
    "shared.db.migrations.alembic_config": "shared/db/migrations",
}
"""What modules find beside themselves instead of importing it: a file, or everything in a folder."""


@dataclass(frozen=True, kw_only=True)
class Needed:
    """`files` from the repository's root, `packages` as they are imported: `psycopg`, `google`."""

    files: frozenset[Path]
    packages: frozenset[str]


def needed_by(handlers: Iterable[str]) -> Needed:
    """What the handlers (`functions.api.health.handler.handler`) need of our code, and of other packages."""
    modules, files = set[str](), set[Path]()
    packages = set[str]()
    waiting = [handler.rpartition(".")[0] for handler in handlers]
    while waiting:
        module = waiting.pop()
        if module in modules:
            continue
        modules.add(module)
        if module.partition(".")[0] not in OURS:
            packages.add(module.partition(".")[0])
            continue
        file = _file_of(module)
        if file is None:
            continue  # a name inside a module, which is waiting as well
        beside = _beside(module)
        files |= {file, *beside}
        waiting += [*_parents(module), *_imports(file)]
        waiting += [_module_of(path) for path in beside if path.suffix == ".py"]
    return Needed(files=frozenset(files), packages=frozenset(packages))


def _file_of(module: str) -> Path | None:
    path = Path(*module.split("."))
    for file in (path / "__init__.py", path.with_suffix(".py")):
        if (ROOT / file).is_file():
            return file
    return None


def _module_of(file: Path) -> str:
    return ".".join(file.with_suffix("").parts).removesuffix(".__init__")


def _parents(module: str) -> Iterator[str]:
    while "." in module:
        module = module.rpartition(".")[0]
        yield module


def _beside(module: str) -> list[Path]:
    named = READ_AT_RUN_TIME.get(module)
    if named is None:
        return []
    found = [ROOT / named, *(ROOT / named).rglob("*")]
    return [path.relative_to(ROOT) for path in found if path.is_file() and "__pycache__" not in path.parts]


@cache
def _imports(file: Path) -> tuple[str, ...]:
    """Every module a file imports, and every name of a module, which may be one too."""
    return tuple(_imported(ast.parse((ROOT / file).read_bytes())))


def _imported(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and child.module:
            yield child.module
            yield from (f"{child.module}.{alias.name}" for alias in child.names)
        elif not _is_for_type_checkers(child):
            yield from _imported(child)


def _is_for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
