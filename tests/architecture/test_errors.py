"""Every error has a status, and every code stands in docs/errors.md."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module

import pytest

from shared.edge import problems
from shared.errors import SecondBrainError
from tests.architecture.source import DEPLOYED, ROOT, calls, modules

UNEXPECTED = 500
CODE_KEYWORDS = {"code", "reason", "waits_for"}
DOCUMENTED = set(re.findall(r"^\| `([a-z_]+)` \|", (ROOT / "docs" / "errors.md").read_text(), flags=re.MULTILINE))


def _class_names() -> Iterator[tuple[str, str]]:
    """Every class whose base is one of our errors, however far down."""
    known = {"SecondBrainError"}
    classes = [
        (module.name, node)
        for module in modules(*DEPLOYED)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    ]
    for _ in range(10):
        bases = {node.name: {ast.unparse(base).rpartition(".")[2] for base in node.bases} for _, node in classes}
        known |= {name for name, of in bases.items() if of & known}
    return ((module, node.name) for module, node in classes if node.name in known - {"SecondBrainError"})


ERRORS: list[type[SecondBrainError]] = [getattr(import_module(module), name) for module, name in _class_names()]


def _texts(node: ast.expr) -> Iterator[str]:
    """The text of a constant, also of both ends of `a if x else b`."""
    if isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _codes_in_calls() -> set[str]:
    return {
        text
        for module in modules(*DEPLOYED)
        for call, _ in calls(module)
        for keyword in call.keywords
        if keyword.arg in CODE_KEYWORDS
        for text in _texts(keyword.value)
    }


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_has_a_status(error: type[SecondBrainError]) -> None:
    assert problems.of_error(error("what was wrong"), "a-request").status != UNEXPECTED


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_has_a_code_of_its_own(error: type[SecondBrainError]) -> None:
    assert "code" in vars(error)


def test_no_two_errors_share_a_code() -> None:
    codes = [error.code for error in ERRORS]
    assert len(codes) == len(set(codes))


def test_the_tree_at_the_top_of_the_file_is_complete() -> None:
    import_module("shared.errors")
    tree = ast.get_docstring(next(module.tree for module in modules("shared") if module.name == "shared.errors")) or ""
    missing = [error.__name__ for error in ERRORS if error.__module__ == "shared.errors" and error.__name__ not in tree]
    assert missing == []


def test_every_code_and_reason_is_documented() -> None:
    codes = {error.code for error in ERRORS} | {SecondBrainError.code} | _codes_in_calls()
    assert codes - DOCUMENTED == set()
