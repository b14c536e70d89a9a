"""Checks of roles: one for each function, and nothing in it that nobody can account for."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from infra_cdk.checks.templates import Resource, Templates, listed, our_functions, resources, told


def roles_of_several(templates: Templates) -> list[str]:
    """Roles that more than one function has."""
    roles = Counter(each.role for each in resources(templates, "AWS::Lambda::Function"))
    return [f"{role}: {count} functions have it" for role, count in roles.items() if count > 1]


def wildcards_without_a_reason(templates: Templates) -> list[str]:
    """Actions and resources with a `*` in the rights of a role, of which nobody said why."""
    return [
        f"{role}: {key} {text}"
        for role in resources(templates, "AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
        for key, text in _wildcards(role)
        if not _has_reason(role, f"[{key}::{text}]")
    ]


def _wildcards(role: Resource) -> Iterator[tuple[str, str]]:
    for statement in _statements(role):
        for key in ("Action", "Resource", "NotAction", "NotResource"):
            texts = map(told, listed(statement.get(key, [])))
            yield from ((key, text) for text in texts if "*" in text or key.startswith("Not"))


def _statements(role: Resource) -> Iterator[Mapping[str, Any]]:
    documents = [policy["PolicyDocument"] for policy in role.properties.get("Policies", [])]
    documents += [role.properties["PolicyDocument"]] if "PolicyDocument" in role.properties else []
    return (statement for document in documents for statement in listed(document["Statement"]))


def _has_reason(resource: Resource, finding: str) -> bool:
    rules = resource.metadata.get("cdk_nag", {}).get("rules_to_suppress", [])
    return any(rule["id"].endswith(finding) and rule["reason"] for rule in rules)


def policies_of_others(templates: Templates) -> list[str]:
    """Roles of our functions with a policy of AWS's, which may be wider tomorrow."""
    ours = {each.role for each in our_functions(templates)}
    roles = [role for role in resources(templates, "AWS::IAM::Role") if str(role) in ours]
    return [f"{role}: a managed policy" for role in roles if role.properties.get("ManagedPolicyArns")]


def reasons(templates: Templates) -> dict[str, list[str]]:
    """Why findings of cdk-nag were accepted, by resource."""
    found = {
        str(each): [rule["reason"] for rule in each.metadata.get("cdk_nag", {}).get("rules_to_suppress", [])]
        for each in resources(templates)
    }
    return {name: told_reasons for name, told_reasons in found.items() if told_reasons}
