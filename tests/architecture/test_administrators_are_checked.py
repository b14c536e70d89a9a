"""Nothing of administration is reached past the second check: whatever its routes call begins with it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import Module, calls, imports, modules

CHECK = "as_administrator"
PAST_IT = {"transaction", "ask", "tell", "ask_ahead"}
"""How a database is reached otherwise."""


def _use_cases() -> dict[str, Module]:
    """Modules of shared that the admin function calls with its database."""
    by_name = {module.name: module for module in modules("shared")}
    named = {
        used.module
        for module in modules("functions")
        if str(module.path).startswith("functions/api/admin/") and module.path.name.endswith("routes.py")
        for used in imports(module)
    }
    return {name: by_name[name] for name in sorted(named & set(by_name)) if _takes_a_database(by_name[name])}


def _takes_a_database(module: Module) -> bool:
    verb = Path(module.path).stem
    return any(
        isinstance(node, ast.FunctionDef) and node.name == verb and node.args.args and node.args.args[0].arg == "db"
        for node in module.tree.body
    )


def _databases_reached(module: Module) -> Iterator[str]:
    for call, name in calls(module):
        if name in PAST_IT and isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "db":
            yield name


def test_every_use_case_of_administration_asks_who_it_is_before_anything_else() -> None:
    found = _use_cases()
    assert len(found) >= 15
    unchecked = [name for name, module in found.items() if CHECK not in {called for _, called in calls(module)}]
    assert unchecked == []


def test_no_use_case_of_administration_opens_a_transaction_in_another_way() -> None:
    past_it = {name: list(_databases_reached(module)) for name, module in _use_cases().items()}
    assert {name: ways for name, ways in past_it.items() if ways} == {}


def test_every_use_case_of_administration_is_told_who_asks() -> None:
    """The second argument that is no database and no queue: whose deed it is."""
    for name, module in _use_cases().items():
        verb = Path(module.path).stem
        (function,) = [n for n in module.tree.body if isinstance(n, ast.FunctionDef) and n.name == verb]
        assert "actor_id" in [argument.arg for argument in function.args.args], name
