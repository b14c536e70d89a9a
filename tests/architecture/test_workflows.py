"""The workflows call what exists, and each action is one commit everywhere. zizmor checks the rest (`make check`)."""

import re

from tests.architecture.source import ROOT

WORKFLOWS = {path.name: path.read_text() for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))}
ACTION = re.compile(r"uses: (?P<name>[\w./-]+)@(?P<commit>\S+) # (?P<version>v[\d.]+)$", flags=re.MULTILINE)


def test_every_make_target_of_a_workflow_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    called = {target for text in WORKFLOWS.values() for target in re.findall(r"\bmake ([a-z]+)\b", text)}
    assert {"check", "test", "deploy"} <= called
    assert called <= targets


def test_every_action_is_pinned_to_one_commit_that_is_the_same_in_all_workflows() -> None:
    uses = [
        line for text in WORKFLOWS.values() for line in re.findall(r"uses: (.*)", text) if not line.startswith("$/")
    ]
    pinned = [match for text in WORKFLOWS.values() for match in ACTION.finditer(text)]
    assert len(uses) == len(pinned)
    assert all(re.fullmatch(r"[0-9a-f]{40}", match["commit"]) for match in pinned)
    names = {match["name"] for match in pinned}
    assert len({(match["name"], match["commit"], match["version"]) for match in pinned}) == len(names)


def test_only_what_deploys_may_prove_its_identity_and_only_release_notes_may_write() -> None:
    assert {name for name, text in WORKFLOWS.items() if "id-token: write" in text} == {"deploy.yml", "release.yml"}
    assert [name for name, text in WORKFLOWS.items() if "contents: write" in text] == ["release.yml"]
    assert all(re.search(r"^permissions: \{\}$", text, flags=re.MULTILINE) for text in WORKFLOWS.values())
    assert not [name for name, text in WORKFLOWS.items() if "pull_request_target" in text]


def test_every_job_ends_by_itself() -> None:
    for name, text in WORKFLOWS.items():
        assert text.count("runs-on:") == text.count("timeout-minutes:"), name
