"""The stages one may deploy, and what may be said about each: typed, with a default that works or a plain refusal.

What is said comes from `-c name=value` on the command line, else from `context.stages.<stage>` of cdk.json, else from
the defaults below.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from functions.catalogue import FUNCTIONS, Function
from functions.catalogue.providers import SECOND_CHOICES
from infra_cdk.options import WrongOption, as_text, read_options
from infra_cdk.stage_options import OPTIONS

Stage = Literal["dev", "staging", "prod"]
STAGES: tuple[Stage, ...] = ("dev", "staging", "prod")
UNSET_PROJECT = "unset"
"""No project of Firebase can have this name, which is too short for one: nobody's token opens a stage that has it."""


@dataclass(frozen=True, kw_only=True)
class ExternalDatabase:
    """A database elsewhere, such as Neon or Supabase; its URLs lie in the secrets."""

    max_connections: int = 100


@dataclass(frozen=True, kw_only=True)
class AuroraDatabase:
    """Aurora PostgreSQL, Serverless v2, in a network of its own. An ACU is about 2 GiB of memory."""

    min_acu: float = 0
    max_acu: float = 4
    has_proxy: bool = False
    way_out: Literal["instance", "gateway"] = "instance"
    """What lets functions reach providers from inside the network: a small machine, or AWS's NAT gateway."""


@dataclass(frozen=True, kw_only=True)
class OtherStore:
    """An S3-compatible bucket elsewhere, such as Cloudflare R2; its keys lie in the secrets."""

    endpoint_url: str
    bucket: str
    region: str = "auto"


@dataclass(frozen=True, kw_only=True)
class Front:
    """What phones call: API Gateway's own address, a domain, or CloudFront with WAF before a domain."""

    domain: str = ""
    certificate: str = ""
    """ARN of the domain's certificate: in the API's region, or, with CloudFront, in us-east-1."""
    has_cloudfront: bool = False
    origin_domain: str = ""
    """With CloudFront: the domain at which it reaches the API, whose certificate lies in the API's region."""
    origin_certificate: str = ""


@dataclass(frozen=True, kw_only=True)
class Environment:
    """One stage, as it is to be deployed. Account and region are the command line's, so they are not here."""

    stage: Stage
    firebase_project: str = UNSET_PROJECT
    origins: tuple[str, ...] = ()
    """Whose pages may call the API and send files; phones need none."""
    database: ExternalDatabase | AuroraDatabase = field(default_factory=ExternalDatabase)
    has_secrets_manager: bool = False
    """Whether its secrets lie in Secrets Manager ($0.40 a month each), or in Parameter Store (free; 40 a second)."""
    secrets_of: str = ""
    """When the newest of its secrets was changed: what has read older ones is replaced."""
    other_store: OtherStore | None = None
    front: Front = field(default_factory=Front)
    is_protected: bool = False
    """Whether what holds data outlives its stack, and the stack cannot be deleted by one command."""
    has_own_key: bool = False
    """Whether everything at rest is encrypted with a key of this account ($1 a month), or with AWS's own (free)."""
    log_days: int = 14
    is_traced: bool = False
    has_snapstart: bool = False
    reserves_concurrency: bool = True
    undelete_days: int = 0
    """For how long a removed object can be brought back; 0: not at all."""
    alarms: Literal["few", "all"] = "few"
    """Each costs $0.10 a month after the first ten of an account. Every queue's dead letters are among the few."""
    alarm_email: str = ""
    dollars_a_month: int = 10
    """What AWS may cost before a budget says so; in a day, a tenth of it."""
    provider_dollars_a_day: int = 1
    most_at_once: int = 1_000
    """How many functions of the account may run at once; AWS gives new accounts fewer."""
    has_metrics: bool = True
    """Whether what our code measures becomes metrics, at $0.30 a month for each; else it is in the log only."""
    slowest_schedule_seconds: int = 60
    """No schedule is quicker, whatever the catalogue says: between two of them a database may sleep."""
    github: str = ""
    """The repository that may deploy the stage, as its tokens name it: `owner@123/name@456`; nobody's if empty."""
    knows_github: bool = False
    """Whether the account has GitHub as a provider of identities already: there can be one."""
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    """Variables of functions that are not to have their usual value."""

    def interval_seconds(self, function: Function) -> int | None:
        """How often a schedule wakes that function in this stage; None for one that has no schedule."""
        if function.every_seconds is None:
            return None
        return max(function.every_seconds, self.slowest_schedule_seconds)


VARIABLES = frozenset(name for function in FUNCTIONS for name in function.settings)
"""Variables of functions, any of which may be said like an option: `-c SPEECH_MODEL=whisper-large-v3`."""

_NOT_OPTIONS = {"stage", "stages"}
_PLAIN = {
    "firebase": "firebase_project",
    "origins": "origins",
    "own_key": "has_own_key",
    "log_days": "log_days",
    "traces": "is_traced",
    "secrets_manager": "has_secrets_manager",
    "secrets_of": "secrets_of",
    "snapstart": "has_snapstart",
    "reserve": "reserves_concurrency",
    "undelete_days": "undelete_days",
    "alarms": "alarms",
    "alarm_email": "alarm_email",
    "budget": "dollars_a_month",
    "provider_budget": "provider_dollars_a_day",
    "at_once": "most_at_once",
    "metrics": "has_metrics",
    "github": "github",
    "slowest_schedule": "slowest_schedule_seconds",
}
_DEFAULTS: dict[Stage, dict[str, Any]] = {
    "dev": {
        "origins": ("*",),
        "has_metrics": False,
        "reserves_concurrency": False,
        "slowest_schedule_seconds": 3_600,
    },
    "staging": {"log_days": 30, "is_traced": True, "dollars_a_month": 50, "provider_dollars_a_day": 5},
    "prod": {
        "log_days": 90,
        "is_protected": True,
        "has_own_key": True,
        "has_secrets_manager": True,
        "is_traced": True,
        "undelete_days": 7,
        "alarms": "all",
        "dollars_a_month": 300,
        "provider_dollars_a_day": 50,
        "variables": {"STRIPE_MODE": "live"},
    },
}


def environment_of(context: Mapping[str, object]) -> Environment:
    """The stage that `stage` names, as the context describes it.

    Raises:
        WrongOption: what was said is unknown, cannot be, or needs something else to be said as well.
    """
    stage = context.get("stage", "dev")
    if stage not in STAGES:
        raise WrongOption(f"stage={stage}: there are {', '.join(STAGES)}. Say which with -c stage=dev.")
    said = {**_of_stage(context, str(stage)), **_from_command_line(context)}
    variables = {name: as_text(value) for name, value in said.items() if name in VARIABLES}
    given = read_options(OPTIONS, {name: value for name, value in said.items() if name not in VARIABLES})
    return _environment(stage, given, variables)


def _of_stage(context: Mapping[str, object], stage: str) -> dict[str, object]:
    stages = context.get("stages", {})
    if not isinstance(stages, dict):
        raise WrongOption("In cdk.json, context.stages must be an object of stages.")
    known = cast("dict[str, object]", stages)
    if unknown := sorted(set(known) - set(STAGES)):
        raise WrongOption(f"In cdk.json, context.stages names {', '.join(unknown)}; there are {', '.join(STAGES)}.")
    of_stage = known.get(stage, {})
    if not isinstance(of_stage, dict):
        raise WrongOption(f"In cdk.json, context.stages.{stage} must be an object of options.")
    return cast("dict[str, object]", of_stage)


def _from_command_line(context: Mapping[str, object]) -> dict[str, object]:
    """What was said of no stage in particular. CDK's own words all have a colon, an @ or a slash in them."""
    return {name: value for name, value in context.items() if name not in _NOT_OPTIONS and not set(name) & set(":@/")}


def _environment(stage: Stage, given: Mapping[str, Any], variables: Mapping[str, str]) -> Environment:
    defaults = _DEFAULTS[stage]
    known = {field: given[option] for option, field in _PLAIN.items() if option in given}
    if given.get("github_provider"):
        _wants(given, ("github",), because="github_provider")
        known["knows_github"] = given["github_provider"] == "existing"
    if given.get("fallbacks"):
        variables = {**second_choices(), **variables}
    plain: dict[str, Any] = {**defaults, **known, "variables": {**defaults.get("variables", {}), **variables}}
    return Environment(stage=stage, database=_database(given), other_store=_store(given), front=_front(given), **plain)


def _database(given: Mapping[str, Any]) -> ExternalDatabase | AuroraDatabase:
    is_aurora = given.get("db") == "aurora"
    _belongs(given, ("max_connections",), to="db=external", holds=not is_aurora)
    _belongs(given, ("min_acu", "max_acu", "proxy", "nat"), to="db=aurora", holds=is_aurora)
    if not is_aurora:
        return ExternalDatabase(**_named(given, {"max_connections": "max_connections"}))
    names = {"min_acu": "min_acu", "max_acu": "max_acu", "proxy": "has_proxy", "nat": "way_out"}
    aurora = AuroraDatabase(**_named(given, names))
    if aurora.min_acu > aurora.max_acu:
        raise WrongOption(f"min_acu={aurora.min_acu:g} is more than max_acu={aurora.max_acu:g}.")
    return aurora


def _store(given: Mapping[str, Any]) -> OtherStore | None:
    is_elsewhere = given.get("store") == "r2"
    _belongs(given, ("store_url", "store_bucket", "store_region"), to="store=r2", holds=is_elsewhere)
    if not is_elsewhere:
        return None
    _wants(given, ("store_url", "store_bucket"), because="store=r2")
    return OtherStore(
        **_named(given, {"store_url": "endpoint_url", "store_bucket": "bucket", "store_region": "region"})
    )


def _front(given: Mapping[str, Any]) -> Front:
    has_cloudfront = bool(given.get("cloudfront"))
    _belongs(given, ("origin_domain", "origin_certificate"), to="cloudfront=yes", holds=has_cloudfront)
    if has_cloudfront:
        wanted = ("domain", "certificate", "origin_domain", "origin_certificate")
        _wants(given, wanted, because="cloudfront=yes")
        if ":us-east-1:" not in given["certificate"]:
            raise WrongOption(
                "With cloudfront=yes the domain's certificate must lie in us-east-1; the origin's need not."
            )
    if given.get("domain"):
        _wants(given, ("certificate",), because=f"domain={given['domain']}")
    _belongs(given, ("certificate",), to="domain", holds=bool(given.get("domain")))
    names = ("domain", "certificate", "origin_domain", "origin_certificate")
    return Front(has_cloudfront=has_cloudfront, **_named(given, {name: name for name in names}))


def _named(given: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {field: given[option] for option, field in names.items() if option in given}


def _wants(given: Mapping[str, Any], names: tuple[str, ...], *, because: str) -> None:
    if missing := [name for name in names if not given.get(name)]:
        raise WrongOption(f"{because} wants to know as well: {', '.join(missing)}. Say each with -c {missing[0]}=...")


def _belongs(given: Mapping[str, Any], names: tuple[str, ...], *, to: str, holds: bool) -> None:
    if not holds and (idle := [name for name in names if name in given]):
        raise WrongOption(f"{', '.join(idle)} means something together with {to} only.")


def second_choices() -> dict[str, str]:
    """The variables that name the catalogue's second choice of each provider; their keys lie in the secrets."""
    return {
        f"{capability}_FALLBACK_{part}": value
        for capability, choice in SECOND_CHOICES.items()
        for part, value in (
            ("PROVIDER", choice.vendor.name),
            ("BASE_URL", choice.vendor.base_url),
            ("MODEL", choice.model),
        )
    }
