"""Imports one function as Lambda would at Init, and prints as JSON what it asks of its environment and answers.

Run in a process of its own, so that what it imports is known:
`python -m tests.architecture.inspect_function <module> [<package that its bundle does not carry>...]`.
"""

import inspect
import json
import sys
from dataclasses import fields
from importlib import import_module
from types import ModuleType
from typing import Any

from shared.config.environment import Settings


def _settings(module: ModuleType) -> list[str]:
    """The variables its own settings model names, without the ones Lambda or the deploy sets for all."""
    own = [
        model
        for _, model in inspect.getmembers(module, inspect.isclass)
        if issubclass(model, Settings) and model.__module__ == module.__name__
    ]
    names = {name.upper() for model in own for name in model.fields()}
    return sorted(name for name in names if name != "STAGE" and not name.startswith("AWS_"))


def _routes(module: ModuleType) -> list[list[str]]:
    """Method, path and who may call, of each endpoint; none for a function without routes."""
    routes_name = f"{module.__name__.rpartition('.')[0]}.routes"
    if routes_name not in sys.modules:
        return []
    routes_type: Any = sys.modules[routes_name].Routes
    endpoints = routes_type(**{field.name: None for field in fields(routes_type)}).endpoints()
    return [[e.method, e.path, e.auth] for e in endpoints]


def _reached() -> list[str]:
    """Where this process connects to from now on."""
    places: list[str] = []

    def heed(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            places.append(str(arguments[1]))

    sys.addaudithook(heed)
    return places


def main(module_name: str, *absent: str) -> None:
    """Print the facts of one handler module, imported where the packages `absent` are not installed."""
    known: dict[str, Any] = sys.modules
    known |= dict.fromkeys(absent)  # importing what is None here fails, as Python documents
    reached = _reached()
    module = import_module(module_name)
    loaded = sorted({".".join(name.split(".")[:2]) for name in known if name not in absent})
    facts = {"settings": _settings(module), "routes": _routes(module), "loaded": loaded, "reached": reached}
    print(json.dumps(facts))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
