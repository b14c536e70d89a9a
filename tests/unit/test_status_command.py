"""What `make status` prints and how it ends, against something that answers as the API does."""

import io
from collections.abc import Mapping
from typing import Any

import pytest
from rich.console import Console

from dev.status.__main__ import main, show_once, target_of, watch
from dev.status.tables import age, screen
from tests.fakes.vendor_server import Answer, VendorServer, vendor_server

NOTHING = {"count": 0, "oldest_seconds": None}
CALM: dict[str, Any] = {
    "version": "9.8.7",
    "healthy": True,
    "concerns": [],
    "queues": [{"name": "embed", "visible": 4, "in_flight": 3, "delayed": 2, "dead_letters": 0}],
    "steps": [
        {"kind": "embed", "state": "ready", "count": 17, "oldest_seconds": 125.0},
        {"kind": "transcribe", "state": "completed", "count": 40, "oldest_seconds": None},
    ],
    "stuck_steps": [],
    "jobs": {"count": 5, "oldest_seconds": 4_000.0},
    "outbox": NOTHING,
    "inbox": NOTHING,
    "uploads": {"count": 1, "oldest_seconds": 200_000.0},
    "deletions": {"count": 0, "oldest_seconds": None},
    "breakers": [],
    "reembedding": {
        "users": [{"provider": "local", "model": "small", "users": 9}],
        "under_way": 0,
        "held_up": 0,
        "clearing": 0,
        "tokens": None,
        "tokens_a_day": None,
    },
}
TROUBLED = CALM | {
    "healthy": False,
    "concerns": [{"code": "dead_letters", "detail": "Redrive [embed-dlq]."}],
    "queues": [{"name": "embed", "visible": None, "in_flight": None, "delayed": None, "dead_letters": None}],
    "breakers": [{"provider": "groq", "capability": "speech", "failures": 5, "opened_until": "2026-03-02T08:05:00Z"}],
    "stuck_steps": [
        {
            "id": "0199f0c5-0000-7c31-9c0e-2f6f0a5a2b11",
            "kind": "embed",
            "state": "ready",
            "reason": None,
            "attempts": 2,
            "age_seconds": 913.2,
            "correlation_id": "[bold]phone-17",
        }
    ],
}


def printed(status: Mapping[str, Any]) -> str:
    console = Console(file=io.StringIO(), width=200)
    console.print(screen(status))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def row_of(text: str, first: str) -> list[str]:
    """The cells of the one row that begins with that word."""
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines() if "│" in line]
    (found,) = [row for row in rows if row[0] == first]
    return found


def test_users_on_the_way_to_another_model_are_shown_by_model_with_the_days_tokens() -> None:
    assert "Users by embedding model" not in printed(CALM)
    moving = {
        "users": [
            {"provider": "local", "model": "small", "users": 9},
            {"provider": "acme", "model": "large", "users": 3},
        ],
        "under_way": 1,
        "held_up": 2,
        "clearing": 0,
        "tokens": 500,
        "tokens_a_day": 1_000,
    }
    text = printed(CALM | {"reembedding": moving})
    assert row_of(text, "local") == ["local", "small", "9", "1", "2", "500 of 1000"]
    assert row_of(text, "acme") == ["acme", "large", "3", "", "", ""]


def test_a_calm_stage_is_shown_with_every_number() -> None:
    text = printed(CALM | {"steps": CALM["steps"][1:]})
    assert row_of(text, "embed") == ["embed", "4", "3", "2", "0"]
    assert row_of(text, "transcribe") == ["transcribe", "", "", "", "40", "", ""]
    assert row_of(text, "jobs unfinished") == ["jobs unfinished", "5", "1 h"]
    assert row_of(text, "uploads pending") == ["uploads pending", "1", "2 d"]
    assert row_of(text, "deletions unfinished")[:2] == ["deletions unfinished", "0"]
    assert row_of(text, "outbox: unsent") == ["outbox: unsent", "0", ""]
    assert "All is well. Version 9.8.7." in text


def test_unfinished_steps_are_shown_with_the_age_of_the_oldest() -> None:
    text = printed(CALM | {"queues": []})
    assert row_of(text, "embed") == ["embed", "", "17 (2 min)", "", "", "", ""]


def test_trouble_is_shown_with_what_to_do_and_text_is_never_markup() -> None:
    text = printed(TROUBLED | {"steps": []})
    assert "dead_letters: Redrive [embed-dlq]." in text
    assert "[bold]phone-17" in text
    assert "│ embed │ ?" in text
    assert row_of(text, "groq")[:3] == ["groq", "speech", "5"]
    assert "All is well" not in text


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, ""),
        (0, "0 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (3_599, "59 min"),
        (7_200, "2 h"),
        (86_400, "1 d"),
    ],
)
def test_ages_are_said_as_people_say_them(seconds: float | None, said: str) -> None:
    assert age(seconds) == said


@pytest.mark.parametrize(("status", "expected"), [(CALM, 0), (TROUBLED, 1)], ids=["calm", "troubled"])
def test_the_exit_status_says_whether_a_hand_is_needed(status: dict[str, Any], expected: int) -> None:
    console = Console(file=io.StringIO())
    assert show_once(console, lambda: status) == expected


def test_watching_ends_with_what_was_seen_last() -> None:
    seen = iter([TROUBLED, TROUBLED, CALM])
    more = iter([True, True, False])
    console = Console(file=io.StringIO())
    assert watch(console, lambda: next(seen), lambda _: next(more)) == 0


def test_the_local_stack_is_asked_unless_another_is_named() -> None:
    assert target_of({}).url == "http://127.0.0.1:8787"
    assert target_of({"PORT": "9000", "URL": "", "TOKEN": ""}).url == "http://127.0.0.1:9000"
    deployed = target_of({"URL": "https://api.example.org/", "TOKEN": "secret-token"})
    assert (deployed.url, deployed.token) == ("https://api.example.org", "secret-token")
    assert "secret-token" not in repr(deployed)


def against(server: VendorServer, **environment: str) -> int:
    return main({"URL": server.url, **environment})


def test_a_deployed_stage_is_asked_with_the_token_given(capsys: pytest.CaptureFixture[str]) -> None:
    with vendor_server() as server:
        server.answer_with(Answer.of_json(CALM))
        assert against(server, TOKEN="a-token") == 0
        (request,) = server.received
    assert (request.path, request.headers["authorization"]) == ("/api/admin/status", "Bearer a-token")
    assert "All is well" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        (Answer.of_json({"code": "admin_only"}, status=403), "TOKEN must be a fresh ID token of an administrator"),
        (Answer.of_json({"code": "unauthenticated"}, status=401), "TOKEN must be a fresh ID token of an administrator"),
        (Answer.of_json({"code": "database_unavailable"}, status=503), "/api/health"),
        (Answer(body=b"<html>hello</html>"), "not this product"),
    ],
    ids=["not an administrator", "no token", "down", "a web page"],
)
def test_without_a_status_it_says_why_and_what_to_do(
    answer: Answer, advice: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with vendor_server() as server:
        server.answer_with(answer)
        assert against(server, TOKEN="a-token") == 2
    told = capsys.readouterr().err
    assert advice in told
    assert "a-token" not in told


def test_nobody_there_is_said_with_how_to_start_it(capsys: pytest.CaptureFixture[str]) -> None:
    with vendor_server() as server:
        url = server.url
    assert main({"URL": url}) == 2
    assert "make serve" in capsys.readouterr().err
