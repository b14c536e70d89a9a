"""`python -m tests.architecture.size_report`: how long files and functions are; exits 1 where a concept is missing.

A function's length is its lines without its docstring; a file's, all its lines.
"""

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from tests.architecture.source import ROOT, TOP_FOLDERS, Module, modules

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 50

_ROW = "{:<12} {:>6} {:>7} {:>10} {:>7} {:>12} {:>9}"


@dataclass(frozen=True, kw_only=True)
class Length:
    """How many lines something has, and where it is."""

    where: str
    lines: int


@dataclass(frozen=True, kw_only=True)
class FolderSizes:
    """The lengths found below one top folder."""

    folder: str
    files: Sequence[Length]
    functions: Sequence[Length]


def measure(folder: str) -> FolderSizes:
    """Measure every Python file below a top folder."""
    found = modules(folder)
    return FolderSizes(
        folder=folder,
        files=[Length(where=str(module.path), lines=_file_lines(module)) for module in found],
        functions=[length for module in found for length in _function_lengths(module)],
    )


def too_long(sizes: Sequence[FolderSizes]) -> list[str]:
    """One line for each file and function over its limit."""
    files = [length for folder in sizes for length in folder.files if length.lines > MAX_FILE_LINES]
    functions = [length for folder in sizes for length in folder.functions if length.lines > MAX_FUNCTION_LINES]
    return [
        *(f"{file.where}: {file.lines} lines, {MAX_FILE_LINES} at most" for file in files),
        *(f"{function.where}: {function.lines} lines, {MAX_FUNCTION_LINES} at most" for function in functions),
    ]


def table(sizes: Sequence[FolderSizes]) -> Iterator[str]:
    """The report, line by line."""
    yield _ROW.format("folder", "files", "lines", "functions", "median", "9 in 10 under", "longest")
    for folder in sizes:
        lengths = [function.lines for function in folder.functions]
        yield _ROW.format(
            folder.folder,
            len(folder.files),
            sum(file.lines for file in folder.files),
            len(lengths),
            f"{median(lengths):g}" if lengths else "-",
            f"{_ninth_decile(lengths):g}" if lengths else "-",
            max(lengths, default=0),
        )


def main() -> int:
    """Print the report; the number of things that are too long, at most 1."""
    sizes = [measure(folder) for folder in TOP_FOLDERS if (ROOT / folder).is_dir()]
    offenders = too_long(sizes)
    print("\n".join([*table(sizes), *offenders]))  # noqa: T201 - a report
    return 1 if offenders else 0


def _file_lines(module: Module) -> int:
    return len((ROOT / module.path).read_text().splitlines())


def _function_lengths(module: Module) -> Iterator[Length]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Length(where=f"{module.path}:{node.lineno} {node.name}", lines=_lines(node) - _docstring_lines(node))


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return 0 if ast.get_docstring(node) is None else _lines(node.body[0])


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _ninth_decile(lengths: Sequence[int]) -> float:
    return quantiles(lengths, n=10)[-1] if len(lengths) > 1 else lengths[0]


if __name__ == "__main__":
    sys.exit(main())
