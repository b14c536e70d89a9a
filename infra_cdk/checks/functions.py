"""Checks of functions: each is what the catalogue says, and is given what it asks for."""

from collections.abc import Mapping
from typing import Any

from functions.catalogue import FUNCTIONS, Function
from functions.catalogue.settings import resource_name, secret_group
from infra_cdk.checks.templates import Templates, our_functions, resources


def functions_unlike_the_catalogue(templates: Templates, stage: str) -> list[str]:
    """Functions that one of the two does not know, and those of another size."""
    found = {each.properties["FunctionName"]: each.properties for each in our_functions(templates)}
    wanted = {resource_name(stage, function.name): function for function in FUNCTIONS}
    wrong = [f"{name}: in one of catalogue and templates only" for name in sorted(found.keys() ^ wanted.keys())]
    for name in sorted(found.keys() & wanted.keys()):
        wrong += [f"{name}: {difference}" for difference in _differences(found[name], wanted[name])]
    return wrong


def _differences(given: Mapping[str, Any], function: Function) -> list[str]:
    wanted = {
        "Handler": function.handler,
        "Runtime": "python3.13",
        "Architectures": ["arm64"],
        "MemorySize": function.memory_mb,
        "Timeout": function.timeout_seconds,
        "EphemeralStorage": {"Size": function.disk_mb},
    }
    return [f"{key} is {given.get(key)}, not {value}" for key, value in wanted.items() if given.get(key) != value]


def functions_that_lack_variables(templates: Templates, stage: str, *, optional: frozenset[str]) -> list[str]:
    """Variables that a function asks for and is given neither in its configuration nor by a secret it may read."""
    given = {each.properties["FunctionName"]: _variables(each.properties) for each in our_functions(templates)}
    wrong: list[str] = []
    for function in FUNCTIONS:
        variables = given[resource_name(stage, function.name)]
        groups = {name.rpartition("/")[2] for name in str(variables.get("SECRET_IDS", "")).split(",")}
        by_secret = {name for name in function.secrets if secret_group(name, function.database) in groups}
        lacking = {*function.settings, *function.secrets} - variables.keys() - by_secret - optional
        doubled = by_secret & variables.keys()
        wrong += [f"{function.name}: {name} is missing" for name in sorted(lacking)]
        wrong += [f"{function.name}: {name} stands in a variable and in a secret" for name in sorted(doubled)]
    return wrong


def _variables(properties: Mapping[str, Any]) -> dict[str, Any]:
    return properties.get("Environment", {}).get("Variables", {})


def logs_kept_for_ever(templates: Templates) -> list[str]:
    """Logs that nobody says how long to keep, and functions that make up one of their own."""
    groups = resources(templates, "AWS::Logs::LogGroup")
    wrong = [f"{each}: kept for ever" for each in groups if "RetentionInDays" not in each.properties]
    return wrong + [
        f"{each}: no log of its own" for each in our_functions(templates) if "LoggingConfig" not in each.properties
    ]
