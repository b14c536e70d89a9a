"""Who may do what: build a client, read the environment, write SQL, import a vendor."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePath

import pytest

from tests.architecture.source import DEPLOYED, ROOT, Module, called_name, calls, imports, modules, where

HANDLERS = ("functions/*/*/handler.py", "functions/operations/*/__main__.py")
SDKS = {"boto3", "firebase_admin", "groq", "openai", "stripe"}
NETWORK = SDKS | {
    "aiohttp",
    "botocore",
    "httpx",
    "httpx2",
    "requests",
    "socket",
    "urllib3",
    "http.client",
    "urllib.request",
}
NETWORK_ROOMS = {
    "shared/ai",
    "shared/aws",
    "shared/config",
    "shared/identity",
    "shared/notifications",
    "shared/payments",
    "shared/web",
}
PURE_PARTS_OF_SDKS = {
    "shared.notifications.firebase_answers": "reads the SDK's errors, by their types",
    "shared.notifications.firebase_message": "builds the SDK's message",
    "shared.payments.stripe_facts": "reads the SDK's objects, by their types",
}
"""Modules that use a vendor's SDK and reach nothing, so that they are no adapters."""
OUR_OWN_KEY = "shared.config.credentials"
"""No adapter to anybody: it asks Lambda, on this machine, for the function's own key, and all who sign ask it."""
OWN_CLIENT = "shared.aws.signed_http.SignedHttp"
CONNECTION = ("shared.db.connection", "shared.db.messages", "shared.db.selection")
SQL_PLACES = (
    "shared/*/*repository.py",
    *(f"{name.replace('.', '/')}.py" for name in CONNECTION),
    "shared/db/migrations/**/*.py",
)
CATALOGUE = Path("functions/catalogue/__init__.py")
"""A package whose own file is more than a docstring: plain data, put together from its parts."""
FIRST_OF_ALL = Path("functions/__init__.py")
"""The other one: imported before any handler, it says what holds for each process (docs/adr/0043, 0044)."""
SQL_CALLS = {"execute", "executemany", "copy", "Selection"}
SQL_TEXT = re.compile(r"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|ALTER|CREATE|DROP)\s")


def _is_one_of(path: Path, patterns: tuple[str, ...]) -> bool:
    return any(PurePath(path).match(pattern.replace("**/", "*/")) for pattern in patterns) or any(
        path.is_relative_to(pattern.partition("/**")[0]) for pattern in patterns if "**" in pattern
    )


def _text_parts(tree: ast.AST) -> Iterator[ast.Constant]:
    """Text in code, without docstrings."""
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node


def _reaches_network(module: Module) -> bool:
    dotted = {used.dotted for used in imports(module)}
    return any(name == vendor or name.startswith(f"{vendor}.") for name in dotted for vendor in {*NETWORK, OWN_CLIENT})


@cache
def _adapters() -> set[str]:
    """Modules of shared that speak to something outside, and so are built, or imported for their class."""
    reaching = {module.name for module in modules("shared") if _reaches_network(module)}
    return reaching - {*PURE_PARTS_OF_SDKS, OUR_OWN_KEY}


def test_settings_are_loaded_by_handlers_only() -> None:
    loading = [
        where(module, call)
        for module in modules(*DEPLOYED)
        for call, name in calls(module)
        if name == "load" and isinstance(call.func, ast.Name) and not _is_one_of(module.path, HANDLERS)
    ]
    assert loading == []


def test_databases_are_opened_by_handlers_only() -> None:
    opening = [
        where(module, call)
        for module in modules(*DEPLOYED)
        for call, name in calls(module)
        if name == "Database" and not _is_one_of(module.path, HANDLERS)
    ]
    assert opening == []


def test_adapters_are_imported_by_handlers_and_by_their_own_room_only() -> None:
    adapters = _adapters()
    assert {"shared.media.s3_store", "shared.outbox.sqs_queue", "shared.payments.stripe_provider"} <= adapters
    importing = [
        f"{module.path} imports {used.dotted}"
        for module in modules(*DEPLOYED)
        for used in imports(module)
        if used.module in adapters and not used.module.startswith(f"{module.folder.replace('/', '.')}.")
        if module.name not in adapters and not _is_one_of(module.path, HANDLERS)
    ]
    assert importing == []


@pytest.mark.parametrize("name", PURE_PARTS_OF_SDKS)
def test_what_is_pure_of_an_sdk_builds_no_client_of_it(name: str) -> None:
    module = next(module for module in modules("shared") if module.name == name)
    assert not any("Client" in used.dotted for used in imports(module))
    assert not any("Client" in called for _, called in calls(module))


def test_no_adapter_is_built_when_a_module_of_shared_is_imported() -> None:
    classes = {
        node.name
        for module in modules("shared")
        if module.name in _adapters()
        for node in module.tree.body
        if isinstance(node, ast.ClassDef)
    }
    built = [
        where(module, call)
        for module in modules("shared")
        for statement in module.tree.body
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr)
        for call in ast.walk(statement)
        if isinstance(call, ast.Call) and called_name(call) in classes | {"of"}
    ]
    assert built == []


@pytest.mark.parametrize("sdk", sorted(SDKS))
def test_a_vendors_sdk_is_imported_in_files_named_for_the_vendor(sdk: str) -> None:
    elsewhere = [
        str(module.path)
        for module in modules(*DEPLOYED)
        if any(used.module.partition(".")[0] == sdk for used in imports(module))
        if not module.path.name.startswith(f"{sdk.partition('_')[0]}_")
    ]
    assert elsewhere == []


def test_the_network_is_reached_from_few_rooms_only() -> None:
    outside = [
        f"{module.path} imports {used.dotted}"
        for module in modules(*DEPLOYED)
        for used in imports(module)
        if any(used.dotted == name or used.dotted.startswith(f"{name}.") for name in NETWORK)
        if module.folder not in NETWORK_ROOMS
    ]
    assert outside == []


def test_only_config_reads_the_environment() -> None:
    reading = [
        where(module, node)
        for module in modules(*DEPLOYED)
        if module.folder != "shared/config"
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "environb"})
        or (isinstance(node, ast.ImportFrom) and node.module == "os")
    ]
    assert reading == []


def test_sql_runs_in_repositories_only() -> None:
    running = [
        where(module, call)
        for module in modules(*DEPLOYED)
        for call, name in calls(module)
        if name in SQL_CALLS and not _is_one_of(module.path, SQL_PLACES)
    ]
    assert running == []


def test_sql_is_written_in_repositories_only() -> None:
    written = [
        where(module, text)
        for module in modules(*DEPLOYED)
        if not _is_one_of(module.path, SQL_PLACES)
        for text in _text_parts(module.tree)
        if SQL_TEXT.match(str(text.value))
    ]
    assert written == []


def test_the_connection_runs_nothing_but_the_tenant_and_a_ping() -> None:
    parts = [module for module in modules("shared") if module.name in CONNECTION]
    given = [call.args[0] for part in parts for call, name in calls(part) if name in {"execute", "SQL"}]
    given += [text for part in parts if part.name == "shared.db.messages" for text in _text_parts(part.tree)]
    assert {str(argument.value) for argument in given if isinstance(argument, ast.Constant)} == {
        "SELECT 1",
        "BEGIN",
        "BEGIN; SET LOCAL synchronous_commit = off",
        "ROLLBACK; ",
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        "SELECT set_config('app.user_id', {}, true)",
        "SET LOCAL synchronous_commit = off",
        "; ",
        "COMMIT",
        "ROLLBACK",
    }
    passed_on = {ast.unparse(argument) for argument in given if not isinstance(argument, ast.Constant)}
    assert passed_on == {"beginning", "message", "self.statement"}  # a repository's own Selection


def test_columns_are_always_named() -> None:
    starred = [
        where(module, text)
        for module in modules("shared")
        for text in _text_parts(module.tree)
        if re.search(r"(SELECT|RETURNING)\s+(\w+\.)?\*", str(text.value))
    ]
    assert starred == []


def test_every_repository_is_private_to_its_room() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    private = {
        module: contract["allowed_importers"]
        for contract in contracts
        if contract["type"] == "protected"
        for module in contract["protected_modules"]
    }
    repositories = [module for module in modules("shared") if module.path.name.endswith("repository.py")]
    assert private == {module.name: [module.folder.replace("/", ".")] for module in repositories}


def test_deployed_code_never_imports_what_stays_at_home() -> None:
    importing = [
        f"{module.path} imports {used.dotted}"
        for module in modules(*DEPLOYED)
        for used in imports(module)
        if used.module.partition(".")[0] in {"dev", "bench", "evaluation", "tests", "infra_cdk"}
    ]
    assert importing == []


def test_the_local_stack_never_imports_tests_benchmarks_or_the_evaluation() -> None:
    importing = [
        f"{module.path} imports {used.dotted}"
        for module in modules("dev")
        for used in imports(module)
        if used.module.partition(".")[0] in {"bench", "evaluation", "tests"}
    ]
    assert importing == []


def test_the_catalogue_imports_nothing_of_aws_and_nothing_of_ours_but_its_parts() -> None:
    catalogue = [module for module in modules("functions") if module.folder == "functions/catalogue"]
    assert CATALOGUE in {module.path for module in catalogue}
    others = {used.module for module in catalogue for used in imports(module)} - {module.name for module in catalogue}
    assert others <= {"dataclasses", "typing"}


def test_a_packages_own_file_is_a_docstring_and_imports_nothing() -> None:
    talkative = [
        str(module.path)
        for module in modules(*DEPLOYED, "dev")
        if module.path.name == "__init__.py" and module.path not in {CATALOGUE, FIRST_OF_ALL}
        if len(module.tree.body) != 1 or ast.get_docstring(module.tree) is None
    ]
    assert talkative == []
