"""The state of a stage as tables for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

_STATES = ("waiting", "ready", "running", "completed", "skipped", "failed")
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def screen(status: Mapping[str, Any]) -> RenderableType:
    """Everything, the concerns last: where the eye is when the printing ends."""
    parts: list[RenderableType] = [_queues(status["queues"]), _steps(status["steps"]), _tables(status)]
    if len(status["reembedding"]["users"]) > 1:
        parts.append(_reembedding(status["reembedding"]))
    if status["breakers"]:
        parts.append(_breakers(status["breakers"]))
    if status["stuck_steps"]:
        parts.append(_stuck(status["stuck_steps"]))
    return Group(*parts, *_concerns(status))


def age(seconds: float | None) -> str:
    """As one says it: 4 s, 3 min, 2 h, 5 d; nothing for None."""
    if seconds is None:
        return ""
    for size, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{max(0, round(seconds))} s"


def _queues(queues: Sequence[Mapping[str, Any]]) -> Table:
    table = _table("Queues", "queue", "visible", "in flight", "delayed", "dead letters")
    for queue in queues:
        depth = [_number(queue[name]) for name in ("visible", "in_flight", "delayed")]
        dead = _number(queue["dead_letters"])
        table.add_row(queue["name"], *depth, f"[red]{dead}[/red]" if queue["dead_letters"] else dead)
    return table


def _steps(steps: Sequence[Mapping[str, Any]]) -> Table:
    """A row for each kind; unfinished steps with the age of the oldest, ended ones of the last 24 hours."""
    table = _table("Steps (ended: in 24 h)", "step", *_STATES)
    cells = {(step["kind"], step["state"]): _cell(step) for step in steps}
    for kind in sorted({kind for kind, _ in cells}):
        table.add_row(kind, *(cells.get((kind, state), "") for state in _STATES))
    return table


def _cell(step: Mapping[str, Any]) -> str:
    since = age(step["oldest_seconds"])
    return f"{step['count']} ({since})" if since else str(step["count"])


def _tables(status: Mapping[str, Any]) -> Table:
    table = _table("Waiting", "what", "count", "oldest")
    for name, what in (
        ("jobs", "jobs unfinished"),
        ("outbox", "outbox: unsent"),
        ("inbox", "inbox: unsettled"),
        ("uploads", "uploads pending"),
        ("deletions", "deletions unfinished"),
    ):
        table.add_row(what, str(status[name]["count"]), age(status[name]["oldest_seconds"]))
    return table


def _reembedding(reembedding: Mapping[str, Any]) -> Table:
    """Shown while users are on more than one embedding model."""
    table = _table("Users by embedding model", "provider", "model", "users", "under way", "held up", "tokens today")
    counts = [str(reembedding[name]) for name in ("under_way", "held_up")]
    of_today = f"{_number(reembedding['tokens'])} of {_number(reembedding['tokens_a_day'])}"
    for at, row in enumerate(reembedding["users"]):
        once = (*counts, of_today) if at == 0 else ()
        table.add_row(escape(row["provider"]), escape(row["model"]), str(row["users"]), *once)
    return table


def _breakers(breakers: Sequence[Mapping[str, Any]]) -> Table:
    table = _table("Providers not asked just now", "provider", "capability", "failures", "until")
    for breaker in breakers:
        until = escape(str(breaker["opened_until"]))
        table.add_row(breaker["provider"], breaker["capability"], str(breaker["failures"]), until)
    return table


def _stuck(steps: Sequence[Mapping[str, Any]]) -> Table:
    table = _table("Stuck steps", "step", "id", "state", "attempts", "age", "reason", "correlation id")
    for step in steps:
        named = [escape(str(step[name] or "")) for name in ("reason", "correlation_id")]
        table.add_row(step["kind"], step["id"], step["state"], str(step["attempts"]), age(step["age_seconds"]), *named)
    return table


def _concerns(status: Mapping[str, Any]) -> list[str]:
    if status["healthy"]:
        return [f"[green]All is well.[/green] Version {escape(status['version'])}."]
    return [f"[red]{escape(concern['code'])}[/red]: {escape(concern['detail'])}" for concern in status["concerns"]]


def _number(number: int | None) -> str:
    return "?" if number is None else str(number)


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, title=title, title_justify="left")
