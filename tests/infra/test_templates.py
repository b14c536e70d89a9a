"""The templates of three stages: each check finds nothing, and finds what is broken on purpose."""

import ast
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from functions.catalogue import FUNCTIONS
from infra_cdk.checks.all_checks import checks_of
from infra_cdk.checks.assembly import Assembly
from infra_cdk.checks.connection_budget import connection_budget, max_connections
from infra_cdk.checks.functions import functions_that_lack_variables
from infra_cdk.checks.templates import resources, told
from infra_cdk.environments import environment_of
from tests.architecture.source import DEPLOYED, modules
from tests.fixtures.assemblies import STAGES, lint_of

Made = Mapping[str, Assembly]
Template = dict[str, Any]
CHECKS = list(checks_of(environment_of({})))


def _of_type(template: Template, kind: str) -> list[Template]:
    return [each for each in template["Resources"].values() if each["Type"] == kind]


def _first(template: Template, kind: str) -> Template:
    return _of_type(template, kind)[0]["Properties"]


def _statement(template: Template) -> Template:
    return _first(template, "AWS::IAM::Role")["Policies"][0]["PolicyDocument"]["Statement"][0]


def _without_tls(template: Template, kind: str) -> None:
    for policy in _of_type(template, kind):
        policy["Properties"]["PolicyDocument"]["Statement"] = []


def _shared_role(template: Template) -> None:
    first, second, *_ = _of_type(template, "AWS::Lambda::Function")
    first["Properties"]["Role"] = second["Properties"]["Role"]


DAMAGE: dict[str, tuple[str, str, Callable[[Template], object]]] = {
    "a queue loses its dead letters": (
        "queues without dead letters",
        "messaging",
        lambda t: next(q for q in _of_type(t, "AWS::SQS::Queue") if "RedrivePolicy" in q["Properties"])[
            "Properties"
        ].pop("RedrivePolicy"),
    ),
    "dead letters last for a day": (
        "queues without dead letters",
        "messaging",
        lambda t: _first(t, "AWS::SQS::Queue").update(MessageRetentionPeriod=86_400),
    ),
    "messages come back after a minute": (
        "messages visible too soon",
        "messaging",
        lambda t: [q["Properties"].update(VisibilityTimeout=60) for q in _of_type(t, "AWS::SQS::Queue")],
    ),
    "a batch fails whole": (
        "batches that fail whole",
        "workers",
        lambda t: _first(t, "AWS::Lambda::EventSourceMapping").pop("FunctionResponseTypes"),
    ),
    "a queue wakes without a bound": (
        "batches that fail whole",
        "workers",
        lambda t: _first(t, "AWS::Lambda::EventSourceMapping").pop("ScalingConfig"),
    ),
    "a queue in the clear": (
        "queues in the clear",
        "messaging",
        lambda t: _first(t, "AWS::SQS::Queue").pop("SqsManagedSseEnabled"),
    ),
    "queues without TLS": ("queues in the clear", "messaging", lambda t: _without_tls(t, "AWS::SQS::QueuePolicy")),
    "a function of another size": (
        "functions unlike the catalogue",
        "api",
        lambda t: _first(t, "AWS::Lambda::Function").update(MemorySize=128),
    ),
    "a function that nobody knows": (
        "functions unlike the catalogue",
        "api",
        lambda t: _first(t, "AWS::Lambda::Function").update(FunctionName="second-brain-dev-other"),
    ),
    "a log kept for ever": (
        "logs kept for ever",
        "workers",
        lambda t: _first(t, "AWS::Logs::LogGroup").pop("RetentionInDays"),
    ),
    "a function that makes up its log": (
        "logs kept for ever",
        "workers",
        lambda t: _first(t, "AWS::Lambda::Function").pop("LoggingConfig"),
    ),
    "one role for two": ("roles of several functions", "api", _shared_role),
    "any action": ("wildcards without a reason", "workers", lambda t: _statement(t).update(Action="s3:*")),
    "any resource": ("wildcards without a reason", "workers", lambda t: _statement(t).update(Resource="*")),
    "anything but": (
        "wildcards without a reason",
        "workers",
        lambda t: _statement(t).update(NotAction=["iam:CreateUser"]),
    ),
    "a policy of AWS's": (
        "policies of others",
        "api",
        lambda t: _first(t, "AWS::IAM::Role").update(ManagedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"]),
    ),
    "a route without a token": (
        "routes unlike the catalogue",
        "api",
        lambda t: next(
            r for r in _of_type(t, "AWS::ApiGatewayV2::Route") if r["Properties"]["AuthorizationType"] == "JWT"
        )["Properties"].update(AuthorizationType="NONE"),
    ),
    "a route for everything": (
        "routes unlike the catalogue",
        "api",
        lambda t: _first(t, "AWS::ApiGatewayV2::Route").update(RouteKey="$default"),
    ),
    "a route without its throttle": (
        "routes throttled otherwise",
        "api",
        lambda t: _first(t, "AWS::ApiGatewayV2::Stage")["RouteSettings"].pop("POST /api/ask"),
    ),
    "a public bucket": (
        "open buckets",
        "storage",
        lambda t: _first(t, "AWS::S3::Bucket")["PublicAccessBlockConfiguration"].update(BlockPublicPolicy=False),
    ),
    "a bucket in the clear": (
        "open buckets",
        "storage",
        lambda t: _first(t, "AWS::S3::Bucket").pop("BucketEncryption"),
    ),
    "a bucket without TLS": ("open buckets", "storage", lambda t: _without_tls(t, "AWS::S3::BucketPolicy")),
    "a dead letter that nobody hears of": (
        "queues without an alarm",
        "observability",
        lambda t: _first(t, "AWS::CloudWatch::Alarm").update(MetricName="NumberOfMessagesSent"),
    ),
    "an alarm that tells nobody": (
        "alarms that tell nobody",
        "observability",
        lambda t: _first(t, "AWS::CloudWatch::Alarm").pop("AlarmActions"),
    ),
    "ten times the workers": (
        "connections",
        "workers",
        lambda t: [
            m["Properties"]["ScalingConfig"].update(MaximumConcurrency=20)
            for m in _of_type(t, "AWS::Lambda::EventSourceMapping")
        ],
    ),
}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("check", CHECKS)
def test_a_check_finds_nothing(made: Made, stage: str, check: str) -> None:
    assert checks_of(environment_of(STAGES[stage]))[check](made[stage].templates) == []


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_check_finds_what_is_broken(made: Made, damage: str) -> None:
    check, stack, breaks = DAMAGE[damage]
    templates = json.loads(json.dumps(made["plain"].templates))
    breaks(templates[stack])
    assert checks_of(environment_of(STAGES["plain"]))[check](templates) != []


def test_every_check_was_seen_to_find_something() -> None:
    assert {check for check, _, _ in DAMAGE.values()} == set(CHECKS)


@pytest.mark.parametrize("stage", STAGES)
def test_cdk_nag_finds_nothing_that_was_not_accepted(made: Made, stage: str) -> None:
    assert [f"{each.resource}: {each.rule}" for each in made[stage].findings] == []
    assert len(made[stage].accepted) > 100


@pytest.mark.parametrize("stage", STAGES)
def test_each_finding_was_accepted_at_one_resource_with_a_reason(made: Made, stage: str) -> None:
    for each in made[stage].accepted:
        # Of a construct with a resource inside, the construct is that resource: CDK calls the inner one `Resource`.
        assert each.resource.removesuffix("/Resource").startswith(each.accepted_at.removesuffix("/Resource"))
        assert each.accepted_at.count("/") >= 1, f"{each.rule} was accepted for all of {each.accepted_at}"
        assert re.fullmatch(r"[A-Z].{30,}\.", each.reason), each.reason


def test_cfn_lint_finds_nothing(made: Made) -> None:
    assert lint_of({name: assembly.folder for name, assembly in made.items()}) == ""


def _optional() -> frozenset[str]:
    """Variables that a function starts without: fields with a default, in every settings class there is."""
    classes = [
        node
        for module in modules(*DEPLOYED)
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("Settings") for base in node.bases)
    ]
    has_default: dict[str, bool] = {}
    for field in (field for each in classes for field in each.body if isinstance(field, ast.AnnAssign)):
        has_default[ast.unparse(field.target).upper()] = field.value is not None
    return frozenset(name for name, has in has_default.items() if has)


@pytest.mark.parametrize("stage", STAGES)
def test_every_function_is_given_the_variables_it_asks_for(made: Made, stage: str) -> None:
    name = environment_of(STAGES[stage]).stage
    optional = _optional()
    assert "DATABASE_URL" not in optional
    assert "BUCKET" not in optional
    assert functions_that_lack_variables(made[stage].templates, name, optional=optional) == []


def test_a_function_that_lacks_a_variable_is_found(made: Made) -> None:
    templates = json.loads(json.dumps(made["plain"].templates))
    for function in _of_type(templates["workers"], "AWS::Lambda::Function"):
        function["Properties"]["Environment"]["Variables"].pop("SPEECH_MODEL", None)
        function["Properties"]["Environment"]["Variables"]["DATABASE_URL"] = "postgresql://nobody"
    found = functions_that_lack_variables(templates, "dev", optional=frozenset())
    assert "transcribe: SPEECH_MODEL is missing" in found
    assert "sweep: DATABASE_URL stands in a variable and in a secret" in found


def test_no_template_holds_a_password_or_a_key(made: Made) -> None:
    secret = {name for function in FUNCTIONS for name in function.secrets} - {"DATABASE_URL"}
    for assembly in made.values():
        for function in resources(assembly.templates, "AWS::Lambda::Function"):
            given = function.properties.get("Environment", {}).get("Variables", {})
            assert not secret & given.keys(), str(function)
            assert re.search(r"://[^@/]*:[^@/]*@", told(given.get("DATABASE_URL", ""))) is None


def test_workers_leave_four_tenths_of_the_connections_to_others(made: Made) -> None:
    budget = connection_budget(made["plain"].templates, environment_of(STAGES["plain"]))
    assert budget.max_connections == 100
    assert 0 < budget.held <= 60
    assert budget.by_function["second-brain-dev-sweep"] == 1
    assert budget.by_function["second-brain-dev-discard-objects"] == 0


@pytest.mark.parametrize(
    ("min_acu", "max_acu", "connections"), [(0, 1, 189), (0, 4, 823), (0.5, 32, 2_000), (1, 32, 5_000), (2, 6, 823)]
)
def test_connections_of_aurora_follow_its_largest_size(min_acu: float, max_acu: float, connections: int) -> None:
    environment = environment_of({"db": "aurora", "min_acu": min_acu, "max_acu": max_acu})
    assert max_connections(environment) == connections
