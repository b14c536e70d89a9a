"""Templates as the checks read them: resources of a kind, and what CloudFormation will put together, as text."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

Templates = Mapping[str, Mapping[str, Any]]
"""Of each stack of a stage, by the stack's name."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource of one stack."""

    stack: str
    name: str
    kind: str
    properties: Mapping[str, Any]
    metadata: Mapping[str, Any]

    def __str__(self) -> str:
        """Stack and logical name."""
        return f"{self.stack}/{self.name}"

    @property
    def role(self) -> str:
        """Of a function: its role, as that is called by `str`."""
        return f"{self.stack}/{self.properties['Role']['Fn::GetAtt'][0]}"


def resources(templates: Templates, *kinds: str) -> list[Resource]:
    """Every resource of these types, or of all."""
    return [
        Resource(
            stack=stack,
            name=name,
            kind=each["Type"],
            properties=each.get("Properties", {}),
            metadata=each.get("Metadata", {}),
        )
        for stack, template in templates.items()
        for name, each in template["Resources"].items()
        if not kinds or each["Type"] in kinds
    ]


def read_templates(folder: Path) -> dict[str, dict[str, Any]]:
    """The templates of a stage that was synthesised there, by stack."""
    return {
        path.name.partition(".")[0]: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.template.json"))
    }


def our_functions(templates: Templates) -> list[Resource]:
    """Functions of the catalogue, which have names; CDK's own have none."""
    return [each for each in resources(templates, "AWS::Lambda::Function") if "FunctionName" in each.properties]


def told(value: Any) -> str:  # noqa: ANN401 - a template's own JSON
    """Text as it will be, with what is not known yet in angles: `arn:<AWS::Partition>:s3:::notes/*`."""
    if not isinstance(value, dict):
        return str(value)
    (function, given), *_ = cast("dict[str, Any]", value).items()
    if function == "Fn::Join":
        return str(given[0]).join(told(part) for part in given[1])
    parts = [told(part) if isinstance(part, dict) else str(part) for part in listed(given)]
    return f"<{'.'.join(parts)}>"


def listed(value: Any) -> list[Any]:  # noqa: ANN401 - a template's own JSON
    """Several of something, of which a template may also hold one."""
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def function_name(arn: Any) -> str:  # noqa: ANN401 - a template's own JSON
    """The function that an ARN names, without its alias."""
    return told(arn).partition(":function:")[2].partition(":")[0]
