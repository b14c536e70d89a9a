"""What the deployed code measures, read from its syntax: each metric's name, with the names of its dimensions."""

import ast
from functools import cache

from tests.architecture.source import DEPLOYED, calls, modules

Measured = tuple[str, frozenset[str]]


@cache
def measured_in_code() -> frozenset[Measured]:
    """Every metric that a call of shared/metrics.py names."""
    return frozenset(
        (str(call.args[0].value), _dimensions(call))
        for module in modules(*DEPLOYED)
        for call, name in calls(module)
        if name in {"count", "milliseconds", "seconds"} and call.args and isinstance(call.args[0], ast.Constant)
    )


def _dimensions(call: ast.Call) -> frozenset[str]:
    """The names of a measurement's dimensions; `**words` stands for those of a call to a provider."""
    names = {keyword.arg for keyword in call.keywords}
    given = {"provider", "model", "operation"} if None in names else set[str]()
    return frozenset(given | {name for name in names if name is not None})
