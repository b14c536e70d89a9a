"""What differs between two synthesised assemblies, as Markdown for whoever reviews or approves it.

It compares templates, not accounts: what was changed by hand in the console is `cdk diff`'s to find, which needs one.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Resources = Mapping[str, Mapping[str, Any]]

KEEPS_DATA = {
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::SecretsManager::Secret",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
}
"""Types of which a removal or a replacement may lose something."""

_GUARDS = ("AWS::IAM::", "AWS::Lambda::Permission", "AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy", "AWS::KMS::Key")
_CODE = "Properties.Code"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One resource that is there before or after only, or with other properties (dotted, at their first difference)."""

    stack: str
    name: str
    type: str
    kind: str
    properties: tuple[str, ...] = ()

    @property
    def is_code_only(self) -> bool:
        """Nothing but another bundle."""
        return self.kind == "changed" and self.properties == (_CODE,)

    @property
    def warning(self) -> str:
        """What a reviewer should think of; empty for most."""
        if self.type in KEEPS_DATA and self.kind == "removed":
            return "keeps data"
        if self.type in KEEPS_DATA and any(name.endswith("Name") for name in self.properties):
            return "replaced: keeps data"
        if self.type.startswith(_GUARDS):
            return "rights"
        if self.type == "AWS::ApiGatewayV2::Route" and self.kind != "removed":
            return "who may call"
        return ""


def changes_between(before: Mapping[str, Resources], after: Mapping[str, Resources]) -> list[Change]:
    """Every resource that differs, in order of stack and name. Both are resources by stack."""
    return [
        change
        for stack in sorted(before.keys() | after.keys())
        for change in _of_stack(stack, before.get(stack, {}), after.get(stack, {}))
    ]


def _of_stack(stack: str, before: Resources, after: Resources) -> Iterator[Change]:
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        known = new or old or {}
        kind = "added" if old is None else "removed" if new is None else "changed"
        differing = tuple(sorted(_differing(old, new))) if old is not None and new is not None else ()
        if kind != "changed" or differing:
            yield Change(stack=stack, name=name, type=str(known["Type"]), kind=kind, properties=differing)


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    """`Properties.X` for each property that differs, and the resource's other parts by their name."""
    parts = (old.keys() | new.keys()) - {"Metadata", "Properties"}
    told = {part for part in parts if old.get(part) != new.get(part)}
    before, after = old.get("Properties", {}), new.get("Properties", {})
    return told | {f"Properties.{name}" for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def as_markdown(title: str, changes: list[Change]) -> str:
    """A heading, the number of bundles that changed, and a table of everything else."""
    told = [change for change in changes if not change.is_code_only]
    bundles = len(changes) - len(told)
    lines = [f"### {title}", ""]
    lines.append(f"Other code: {bundles} functions." if bundles else "No function's code differs.")
    if not told:
        return "\n".join([*lines, "", "No resource differs.", ""])
    lines += ["", "| | Stack | Resource | Type | What | Mind |", "|---|---|---|---|---|---|"]
    lines += [_row(change) for change in told]
    return "\n".join([*lines, ""])


def _row(change: Change) -> str:
    sign = {"added": "+", "removed": "-", "changed": "~"}[change.kind]
    what = ", ".join(name.removeprefix("Properties.") for name in change.properties) or change.kind
    return f"| {sign} | {change.stack} | {change.name} | {change.type} | {what} | {change.warning} |"


def resources_of(assembly: Path) -> dict[str, Resources]:
    """The resources of each template below a folder. FileNotFoundError if it holds none."""
    templates = sorted(assembly.rglob("*.template.json"))
    if not templates:
        raise FileNotFoundError(f"no template lies in {assembly}: synthesise it first (make synth)")
    return {path.name.removesuffix(".template.json"): json.loads(path.read_text())["Resources"] for path in templates}


def main(arguments: list[str]) -> int:
    """`<title> <folder before> <folder after>`."""
    title, before, after = arguments
    changes = changes_between(resources_of(Path(before)), resources_of(Path(after)))
    sys.stdout.write(as_markdown(title, changes))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
