"""Every endpoint of every function, without building a client or reading a setting."""

from dataclasses import fields
from importlib import import_module
from typing import Any

from functions.catalogue import FUNCTIONS
from shared.edge.endpoint import AnyEndpoint


def all_endpoints() -> dict[str, list[AnyEndpoint]]:
    """The endpoints by their function's name, in the catalogue's order. Their handlers have nothing to work with."""
    return {function.name: _endpoints(function.handler) for function in FUNCTIONS if function.routes}


def _endpoints(handler: str) -> list[AnyEndpoint]:
    package = handler.removesuffix(".handler.handler")
    routes: Any = import_module(f"{package}.routes").Routes
    return routes(**{field.name: None for field in fields(routes)}).endpoints()
