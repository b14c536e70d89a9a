"""What the demo shows: steps as they happen, and tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from dev.providers import CAPABILITIES, LOCAL
from dev.stack import Stack

_console = Console(highlight=False)


def announce(text: str) -> None:
    """A line of its own."""
    _console.print(text)


def show_step(text: str, *, is_right: bool) -> None:
    """A step of the main job, done."""
    mark = "[green]ok[/green]  " if is_right else "[red]WRONG[/red]"
    _console.print(f"  {mark} {text}")


def show_providers(providers: Mapping[str, str]) -> None:
    """Who does what; what is local says so."""
    table = Table("capability", "provider", "model", title="Providers", title_justify="left")
    for capability in CAPABILITIES:
        provider = providers[f"{capability.name}_PROVIDER"]
        shown = "local (a rough draft, on this machine)" if provider == LOCAL else provider
        table.add_row(capability.name.lower(), shown, providers[f"{capability.name}_MODEL"])
    _console.print(table)


def show_pipeline(steps: Sequence[Mapping[str, Any]]) -> None:
    """The steps of the processing, with the time spent in each provider."""
    table = Table("step", "state", "provider", "in the provider", title="Processing", title_justify="left")
    for step in steps:
        spent = "" if step["provider_ms"] is None else f"{step['provider_ms'] / 1_000:.2f} s"
        table.add_row(step["kind"], step["state"], step["provider"] or "", spent)
    _console.print(table)


def show_hits(question: str, hits: Sequence[Mapping[str, Any]]) -> None:
    """What a search gave back, cited to the second."""
    table = Table("similarity", "at", "text", title=f"Search: {question}", title_justify="left")
    for hit in hits:
        at = "" if hit["start_ms"] is None else f"{hit['start_ms'] / 1_000:.1f} s"
        table.add_row(f"{hit['similarity']:.2f}", at, _shortened(hit["text"]))
    _console.print(table)


def show_answer(question: str, answer: Mapping[str, Any]) -> None:
    """What the notes were asked, what they answer, and where that stands."""
    table = Table("at", "quote", title=f"Ask: {question}", title_justify="left")
    for citation in answer["citations"]:
        at = "" if citation["start_ms"] is None else f"{citation['start_ms'] / 1_000:.1f} s"
        table.add_row(at, _shortened(citation["quote"]))
    if answer["citations"]:
        _console.print(table)
    else:
        _console.print(f"[italic]Ask: {question}[/italic]")
    _console.print(f"  {answer['answer']}")


def show_latency(*, total_seconds: float, own_seconds: float, start_seconds: float, whole_seconds: float) -> None:
    """How long it took, and how much of it was ours."""
    table = Table("what", "seconds", title="How long it took", title_justify="left")
    table.add_row("from finalize to processed", f"{total_seconds:.2f}")
    table.add_row("of that our own latency (not in providers; goal 1)", f"{own_seconds:.2f}")
    table.add_row("starting the stack", f"{start_seconds:.1f}")
    table.add_row("all, with the start (goal of make demo: 20)", f"{whole_seconds:.1f}")
    _console.print(table)


def show_curl_lines(stack: Stack, *, uid: str) -> None:
    """Lines to paste into another terminal."""
    url = stack.url
    _console.print(f"\nServing on [bold]{url}[/bold] until Ctrl-C (log: {stack.log_path}). Try:\n")
    for line in (
        f"TOKEN=$(curl -s '{url}/dev/token?uid={uid}')",
        f'curl -s -H "Authorization: Bearer $TOKEN" {url}/api/me',
        f'curl -s -H "Authorization: Bearer $TOKEN" {url}/api/sessions',
        f'curl -s -X POST -H "Authorization: Bearer $TOKEN" "{url}/api/search/semantic?query=my+tooth+aches"',
        f"""curl -s -H "Authorization: Bearer $TOKEN" -d '{{"question":"where is the spare key?"}}' {url}/api/ask""",
        f"curl -s {url}/dev/push",
        f"curl -s {url}/api/health",
    ):
        print(line)  # as it is: no wrapping, ready to paste
    _console.print(f"\nRead and try the API in a browser: [bold]{url}/dev/api[/bold]")
    _show_how_to_buy(stack)


def _show_how_to_buy(stack: Stack) -> None:
    url, authorized = stack.url, 'curl -s -H "Authorization: Bearer $TOKEN"'
    only_address = """python3 -c 'import json,sys; print(json.load(sys.stdin)["checkout_url"])'"""
    _console.print("\nBuy credits:\n")
    print(f"curl -s {url}/api/payments/packages")
    print(f"""CHECKOUT=$({authorized} -d '{{"package_id":"starter"}}' {url}/api/payments/checkout | {only_address})""")
    print('echo "$CHECKOUT"  # open it in a browser')
    if stack.stripe_url is not None:
        print('curl -s -d action=card "$CHECKOUT"  # or press its first button from here')
    print(f"{authorized} {url}/api/me/credits")
    if stack.stripe_url is not None:
        _console.print(f"\nBank debits, refunds, disputes and webhooks: [bold]{stack.stripe_url}/[/bold]")


def _shortened(text: str, longest: int = 160) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"
