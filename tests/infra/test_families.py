"""A family's bundle holds what its functions import: nothing is missing, unused, or of another version."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from functions.catalogue import FUNCTIONS, Function
from functions.catalogue.shapes import Family
from infra_cdk.bundling.families import FAMILIES, functions_of, lock_of
from infra_cdk.bundling.imported_code import OURS, READ_AT_RUN_TIME, needed_by
from infra_cdk.bundling.packages import pinned_in
from infra_cdk.bundling.pruning import LEFT_OUT, is_pruned
from tests.architecture.source import ROOT, modules

PIN = re.compile(r"^([a-z0-9-]+==\S+)(?: ;.*)? \\$", re.MULTILINE)
GROUPS: dict[str, list[Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
PROVIDERS = packages_distributions()

SHARED_NAMESPACE = {"google": "google-auth"}
"""A folder that several distributions fill, and which of them we import from."""

BROUGHT: dict[str, tuple[str, ...]] = {
    "google-auth": ("firebase-admin",),
    "httpx": ("groq",),
    "httpx2": ("openai",),
    "pydantic-core": ("pydantic",),
    "requests": ("firebase-admin",),
    "sqlalchemy": ("alembic",),
}
"""What is imported by its own name and comes with another package, whose errors or transport it is."""

IN_LAMBDAS_IMAGE = {"snapshot-restore-py"}
"""What the runtime client brings along, wherever it is. https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-python.html"""

OTHERWISE = {"tzdata": "psycopg"}
"""Data that is no module: needed where the other one is imported."""


def normalised(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def named(group: str) -> set[str]:
    """The distributions a group names, those of the groups it includes among them."""
    found = set[str]()
    for entry in GROUPS[group]:
        found |= named(entry["include-group"]) if isinstance(entry, dict) else {normalised(entry)}
    return found


def imported(function: Function) -> set[str]:
    """The distributions a function imports, directly or through any module of ours."""
    packages = needed_by([function.handler]).packages - set(OURS) - set(sys.stdlib_module_names)
    found = {normalised(SHARED_NAMESPACE.get(name) or PROVIDERS[name][0]) for name in packages}
    found -= IN_LAMBDAS_IMAGE
    return found | {data for data, with_it in OTHERWISE.items() if with_it in found}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_function_imports_exactly_what_its_family_names(function: Function) -> None:
    found = imported(function)
    brought = {name for name, by in BROUGHT.items() if set(by) & found}
    assert found - brought == named(function.family)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_everything_a_function_imports_is_locked(function: Function) -> None:
    assert imported(function) <= pinned_in(lock_of(function.family))


def test_every_family_has_functions_a_group_and_a_lock_and_no_two_name_the_same() -> None:
    assert [family for family in FAMILIES if not functions_of(family)] == []
    assert set(ROOT.glob("requirements/bundle-*.txt")) == {lock_of(family) for family in FAMILIES}
    assert len({frozenset(named(family)) for family in FAMILIES}) == len(FAMILIES)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_deployed_are_the_versions_that_are_tested(family: Family) -> None:
    tested = set(PIN.findall((ROOT / "requirements" / "dev.txt").read_text()))
    deployed = set(PIN.findall(lock_of(family).read_text()))
    assert {pin.partition("==")[0] for pin in deployed} == pinned_in(lock_of(family))
    assert deployed <= tested


def test_what_is_left_out_is_in_no_lock_and_would_be_there_otherwise() -> None:
    locked = {name for family in FAMILIES for name in pinned_in(lock_of(family))}
    assert locked & set(LEFT_OUT) == set()
    assert set(LEFT_OUT) <= pinned_in(ROOT / "requirements" / "dev.txt")


def test_what_modules_read_beside_themselves_goes_with_them() -> None:
    """Whoever asks where it lies reads something there."""
    asking = {
        module.name
        for module in modules(*OURS)
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Name) and node.id == "__file__")
        or (isinstance(node, ast.ImportFrom) and node.module == "importlib.resources")
    }
    folders = [ROOT / beside for beside in READ_AT_RUN_TIME.values()]
    within = {name for name in asking if any(folder in (ROOT / name.replace(".", "/")).parents for folder in folders)}
    assert asking - within == set(READ_AT_RUN_TIME) - within
    assert set(READ_AT_RUN_TIME) <= asking
    assert all(folder.exists() for folder in folders)


def test_of_our_code_a_function_gets_what_it_imports_and_no_other_function() -> None:
    files = needed_by(["functions.operations.migrate.handler.handler"]).files
    assert Path("shared/db/migrations/sql/0001_foundation.up.sql") in files
    assert Path("functions/operations/__init__.py") in files
    assert {file.parts[2] for file in files if file.parts[0] == "functions" and len(file.parts) > 3} == {"migrate"}
    assert Path("shared/search/repository.py") not in files
    assert not [file for file in files if "__pycache__" in file.parts]


@pytest.mark.parametrize(
    ("path", "goes"),
    [
        ("stripe/_charge.py", True),
        ("stripe/params/_charge_list_params.py", False),
        ("stripe/data/ca-certificates.crt", True),
        ("certifi/cacert.pem", True),
        ("psycopg-3.3.9.dist-info/METADATA", True),
        ("psycopg-3.3.9.dist-info/RECORD", False),
        ("requests-2.34.2.dist-info/METADATA", False),
        ("bin/httpx", False),
        ("../../bin/httpx", False),
        ("pydantic/main.pyi", False),
        ("anything/tests/test_it.py", False),
        ("anything/__pycache__/it.cpython-313.pyc", False),
        ("pydantic/v1/main.py", False),
        ("pydantic/v1beta.py", True),
    ],
)
def test_of_packages_goes_what_is_run(path: str, *, goes: bool) -> None:
    assert is_pruned(PurePosixPath(path)) is not goes
