"""What a person meets before a deploy: secrets that are kept and never shown, and everything missing said at once."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

import pytest

from functions.catalogue import FUNCTIONS
from functions.catalogue.shapes import Family
from infra_cdk.bundling.manifest import Manifest, write_manifest
from infra_cdk.deploying import __main__ as command
from infra_cdk.deploying.aws_account import AccountRefuses, AwsAccount, SecretTooLarge
from infra_cdk.deploying.given_secrets import UnreadableAnswer, ask_for, merged, read_answers
from infra_cdk.deploying.keep_secrets import changed_at, keep_secrets, stored_values
from infra_cdk.deploying.needed_secrets import missing, wanted_of, wrong_urls
from infra_cdk.deploying.preflight import preflight
from infra_cdk.environments import AuroraDatabase, Environment, environment_of

CANARY = "canary-of-a-secret"
DEV = Environment(stage="dev", firebase_project="my-notes")
STAGING = Environment(stage="staging", has_secrets_manager=True)
OWNER = "postgresql://owner:" + CANARY + "@db.example/notes?sslmode=verify-full"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Answers to everything: the owner's URL stands for those of the other roles."""
    (tmp_path / "key.json").write_text(json.dumps({"private_key": CANARY}))
    names = {each.asked_as for each in (*wanted_of(DEV), *wanted_of(STAGING)) if not each.is_optional}
    lines = [f"{name}={CANARY}" for name in sorted(names) if "DATABASE_URL" not in name]
    lines += ["# comments, and empty lines", "", f'DATABASE_URL_OWNER="{OWNER}"', "FIREBASE_CREDENTIALS=@key.json"]
    (tmp_path / "answers").write_text("\n".join(lines))
    return tmp_path / "answers"


@pytest.mark.parametrize("environment", [DEV, STAGING], ids=lambda environment: environment.stage)
def test_secrets_are_kept_shown_by_name_only_and_written_once(
    environment: Environment, account: AwsAccount, file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert keep_secrets(environment, account, None) == 1, "nothing is there, and nobody is asked without a terminal"
    assert keep_secrets(environment, account, file) == 0
    wanted = wanted_of(environment)
    held = stored_values(account, wanted)
    assert missing(wanted, held) == ()
    assert json.loads(held["firebase"]["FIREBASE_CREDENTIALS"]) == {"private_key": CANARY}
    app = urlsplit(held["database-app"]["DATABASE_URL"])
    assert (app.username, app.hostname, app.query) == ("second_brain_app", "db.example", "sslmode=verify-full")
    assert len(app.password or "") > 40
    assert app.password != urlsplit(held["database-system"]["DATABASE_URL"]).password
    assert keep_secrets(environment, account, file) == 0
    assert stored_values(account, wanted) == held, "passwords that were made stay"
    shown = "".join(capfd.readouterr())
    assert CANARY not in shown
    assert str(app.password) not in shown
    assert {"MISSING", "new", "there"} <= set(shown.split())


def test_a_group_that_does_not_fit_is_named_before_anything_is_written(
    account: AwsAccount, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    environment = replace(DEV, stage="prod")
    (tmp_path / "answers").write_text(f"CHAT_API_KEY=k\nFIREBASE_CREDENTIALS={CANARY * 300}\n")
    assert keep_secrets(environment, account, tmp_path / "answers") == 2
    assert "/second-brain/prod/firebase is 5" in (told := "".join(capfd.readouterr()))
    assert CANARY not in told
    assert not any(stored_values(account, wanted_of(environment)).values())
    with pytest.raises(SecretTooLarge):
        account.write_group("/second-brain/dev/large", {"A": "b" * 4_096})


def test_what_a_stage_does_not_use_is_not_asked_for() -> None:
    groups = {each.group for each in wanted_of(DEV)}
    assert {"database-app", "database-owner", "database-system", "providers", "vault"} <= groups
    assert "bucket" not in groups
    aurora = {each.group for each in wanted_of(replace(DEV, database=AuroraDatabase(), has_own_key=True))}
    assert not {group for group in aurora if group.startswith(("database", "vault"))}
    second = replace(DEV, variables={"CHAT_FALLBACK_PROVIDER": "openai"})
    optional = {each.variable for each in wanted_of(second) if each.is_optional}
    assert "CHAT_FALLBACK_API_KEY" not in optional
    assert {"SPEECH_FALLBACK_API_KEY", "STRIPE_WEBHOOK_SECRET_PREVIOUS"} <= optional


@pytest.mark.parametrize(
    ("group", "role", "place", "says"),
    [
        ("database-owner", "owner", "h/d", "sslmode=require"),
        ("database-owner", "owner", "h-pooler.example/d?sslmode=require", "not its pooler's"),
        ("database-owner", "owner", "h.example:6543/d?sslmode=require", "not its pooler's"),
        ("database-app", "owner", "h/d?sslmode=require", "must be second_brain_app"),
        ("database-app", "second_brain_app.project", "h-pooler.example:6543/d?sslmode=require", ""),
        ("database-owner", "", "", "must be postgresql://"),
    ],
)
def test_urls_that_would_not_do_are_said_and_not_shown(group: str, role: str, place: str, says: str) -> None:
    said = wrong_urls({group: {"DATABASE_URL": f"postgresql://{role}:" + CANARY + f"@{place}"}})
    assert (says in "".join(said)) if says else said == []
    assert CANARY not in "".join(said)


def test_answers_that_cannot_be_read_are_named_by_their_line(tmp_path: Path) -> None:
    (tmp_path / "answers").write_text(f"A=b\n{CANARY}\n")
    with pytest.raises(UnreadableAnswer, match="answers, line 2") as wrong:
        read_answers(tmp_path / "answers")
    assert CANARY not in str(wrong.value)
    with pytest.raises(UnreadableAnswer, match="nowhere: cannot be read"):
        read_answers(tmp_path / "nowhere")
    asked = wanted_of(DEV)[:2]
    assert ask_for(asked, lambda _: "") == {}


def built(root: Path, compiled_by: str | None) -> None:
    folder = root / "build" / "bundles" / "lambda"
    folder.mkdir(parents=True, exist_ok=True)
    for family in get_args(Family):
        facts = {"functions": (), "packages": (), "files": 1, "unzipped_bytes": 1, "zipped_bytes": 1, "sha256": "0"}
        write_manifest(
            folder / family,
            Manifest(family=family, target="lambda", serves_api=False, compiled_by=compiled_by, **facts),  # type: ignore[arg-type]
        )


def looked_at(environment: Environment, account: AwsAccount, root: Path) -> dict[str, tuple[bool, str]]:
    return {check.name: (check.is_well, check.says) for check in preflight(environment, account, root, lambda: False)}


def test_all_that_is_missing_is_said_at_once_and_each_with_what_to_do(account: AwsAccount, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"devDependencies": {"aws-cdk": "2.1.0"}}')
    found = looked_at(Environment(stage="prod"), account, tmp_path)
    assert {name for name, (is_well, _) in found.items() if not is_well} == {
        "CDK's command line",
        "Python 3.13",
        "Firebase project",
        "bootstrap",
        "secrets",
    }
    assert "npm ci" in found["CDK's command line"][1]
    assert "uv python install 3.13" in found["Python 3.13"][1]
    assert "context.stages.prod of cdk.json" in found["Firebase project"][1]
    assert "cdk bootstrap" in found["bootstrap"][1]
    assert "DATABASE_URL_OWNER" in found["secrets"][1]
    built(tmp_path, compiled_by=None)
    assert "twice as long" in looked_at(DEV, account, tmp_path)["Python 3.13"][1]


def test_a_cluster_without_a_proxy_wants_the_authorities_of_rds(account: AwsAccount, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"devDependencies": {"aws-cdk": "2.1.0"}}')
    bare, proxied = (replace(DEV, database=AuroraDatabase(has_proxy=has_proxy)) for has_proxy in (False, True))
    assert (
        "curl --fail --create-dirs -o build/rds-authorities/rds.pem"
        in looked_at(bare, account, tmp_path)["RDS's authorities"][1]
    )
    assert "RDS's authorities" not in looked_at(proxied, account, tmp_path) | looked_at(DEV, account, tmp_path)


def test_nothing_is_missing_where_everything_is_there(account: AwsAccount, file: Path, tmp_path: Path) -> None:
    version = '{"devDependencies": {"aws-cdk": "2.1.0"}, "version": "2.1.0"}'
    (tmp_path / "node_modules/aws-cdk").mkdir(parents=True)
    for place in ("package.json", "node_modules/aws-cdk/package.json"):
        (tmp_path / place).write_text(version)
    built(tmp_path, compiled_by="3.13.5")
    account._ask("ssm", "put_parameter", Name="/cdk-bootstrap/hnb659fds/version", Value="28", Type="String")
    assert keep_secrets(DEV, account, file) == 0
    assert {says for is_well, says in looked_at(DEV, account, tmp_path).values() if not is_well} == set()


def test_who_may_not_read_secrets_is_told_which_are_missing(
    account: AwsAccount, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(name: str) -> dict[str, str]:
        raise AccountRefuses(f"AccessDenied: {name}")

    (tmp_path / "package.json").write_text('{"devDependencies": {"aws-cdk": "2.1.0"}}')
    assert keep_secrets(DEV, account, file) == 0
    monkeypatch.setattr(account, "read_group", refused)
    assert looked_at(DEV, account, tmp_path)["secrets"] == (True, "8 are there; what is in them was not looked at")
    is_well, says = looked_at(Environment(stage="prod"), account, tmp_path)["secrets"]
    assert not is_well
    assert "/second-brain/prod/providers" in says


@pytest.mark.parametrize("name", ["/second-brain/dev/moments", "second-brain/staging/moments"])
def test_when_a_secret_was_changed_is_told_without_reading_it(account: AwsAccount, name: str) -> None:
    assert account.changed_at(name) is None
    account.write_group(name, {"A": "b"})
    told = account.changed_at(name)
    assert told is not None
    assert abs(datetime.now(UTC) - told) < timedelta(minutes=5)


def test_a_deploy_goes_by_the_secret_that_was_changed_last(
    account: AwsAccount, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    newest = datetime(2026, 11, 22, 8, 30, tzinfo=timezone(timedelta(hours=1)))
    moments = {"/second-brain/dev/providers": newest, "/second-brain/dev/vault": newest - timedelta(days=1)}
    monkeypatch.setattr(AwsAccount, "changed_at", lambda _, name: moments.get(name))
    assert changed_at(account, wanted_of(DEV)) == newest
    assert command.main(["since", "stage=dev"]) == 0
    (option,) = capsys.readouterr().out.split()
    assert environment_of(dict([option.split("=")])).secrets_of == "2026-11-22T07:30:00Z"
    moments.clear()
    assert command.main(["since", "stage=dev"]) == 0
    assert capsys.readouterr().out.strip() == ""


RESERVED = sum(function.reserved_concurrency or 0 for function in FUNCTIONS)


@pytest.mark.parametrize(
    ("most", "is_well"), [(10, False), (RESERVED + 99, False), (RESERVED + 100, True), (1_000, True)]
)
def test_an_account_that_has_none_to_reserve_is_told_before_the_deploy_fails(
    account: AwsAccount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, *, is_well: bool
) -> None:
    (tmp_path / "package.json").write_text('{"devDependencies": {"aws-cdk": "2.1.0"}}')
    monkeypatch.setattr(account, "most_at_once", lambda: most)
    found = looked_at(environment_of({"stage": "prod"}), account, tmp_path)["room to reserve"]
    assert found[0] is is_well
    assert ('"reserve": "no"' in found[1]) is not is_well
    assert "room to reserve" not in looked_at(environment_of({"stage": "dev"}), account, tmp_path)


def test_who_may_not_ask_what_the_account_may_run_is_not_kept_back(account: AwsAccount, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"devDependencies": {"aws-cdk": "2.1.0"}}')
    is_well, says = looked_at(environment_of({"stage": "prod"}), account, tmp_path)["room to reserve"]
    assert is_well
    assert says.startswith("not looked at: lambda:")


def test_without_credentials_or_a_region_aws_is_not_asked_for_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "package.json").write_text('{"devDependencies": {"aws-cdk": "2.1.0"}}')
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    nobody = looked_at(DEV, AwsAccount(region="eu-central-1"), tmp_path)
    assert "Unable to locate credentials" in nobody["credentials"][1]
    assert nobody["bootstrap, secrets"] == (False, "not looked at: AWS does not know who asks")
    assert "set AWS_REGION" in looked_at(DEV, AwsAccount(), tmp_path)["region"][1]
    with pytest.raises(AccountRefuses):
        AwsAccount(region="eu-central-1").read_group("/second-brain/dev/providers")


def test_a_function_that_works_for_long_is_waited_for_and_called_once(account: AwsAccount) -> None:
    with pytest.raises(AccountRefuses, match="lambda"):
        account.invoke("nobody", {})
    config = account._clients["lambda"].meta.config
    assert config.read_timeout > 900
    assert config.retries["total_max_attempts"] == 1


def test_a_deploy_has_roles_take_new_passwords_even_where_no_code_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[object] = []

    def invoke(_: AwsAccount, function: str, event: object) -> tuple[dict[str, object], bool]:
        asked.append((function, event))
        return {}, False

    built(tmp_path, compiled_by="3.13.5")
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "_cdk", lambda *_: asked.append("cdk") or 0)
    monkeypatch.setattr(AwsAccount, "invoke", invoke)
    assert command._deploy(DEV, {}) == 0
    migrate = "second-brain-dev-migrate"
    assert asked == ["cdk", (migrate, {"phase": "expand"}), (migrate, {"phase": "contract"})]


def test_urls_made_of_the_owners_name_the_project_for_supabases_pooler() -> None:
    wanted = tuple(each for each in wanted_of(DEV) if each.variable == "DATABASE_URL")
    place = "region.pooler.supabase.com:5432/postgres?sslmode=require"
    owner = "postgresql://postgres.project:" + CANARY + f"@{place}"
    made = merged(wanted, {}, {"DATABASE_URL_OWNER": owner})
    assert {urlsplit(held["DATABASE_URL"]).username for held in made.values()} == {
        "postgres.project",
        "second_brain_app.project",
        "second_brain_system.project",
    }
    assert wrong_urls(made) == []
