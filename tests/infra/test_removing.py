"""What happens before a stage is removed: what goes and what stays is said, and a person must mean it."""

import json

import pytest

from infra_cdk.deploying.aws_account import AwsAccount
from infra_cdk.deploying.removal import Refused, confirm_removal, what_goes_and_stays
from infra_cdk.environments import Environment, environment_of

DEV = Environment(stage="dev")


def test_a_stage_is_removed_only_when_its_name_is_typed_in(capsys: pytest.CaptureFixture[str]) -> None:
    confirm_removal(DEV, really="", ask=lambda _: "dev\n")
    assert "goes, with everything in it" in capsys.readouterr().out
    with pytest.raises(Refused, match="Nothing was removed"):
        confirm_removal(DEV, really="", ask=lambda _: "yes")


def test_prod_is_removed_only_when_that_is_said_twice(capsys: pytest.CaptureFixture[str]) -> None:
    prod = environment_of({"stage": "prod"})
    with pytest.raises(Refused, match="REALLY=prod"):
        confirm_removal(prod, really="", ask=lambda _: "prod")
    confirm_removal(prod, really="prod", ask=lambda _: "prod")
    assert "stays, and is yours to remove" in capsys.readouterr().out
    assert "update-termination-protection" in " ".join(what_goes_and_stays(prod))


def test_the_buckets_of_a_stage_are_emptied_in_all_versions_for_cloudformation_removes_no_full_one(
    account: AwsAccount,
) -> None:
    assert account.buckets_of("second-brain-dev-storage") == []
    template = {"Resources": {"Media": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "media-to-empty"}}}}
    account._ask("cloudformation", "create_stack", StackName="with-bucket", TemplateBody=json.dumps(template))
    (bucket,) = account.buckets_of("with-bucket")
    account._ask("s3", "put_object", Bucket=bucket, Key="before", Body=b"1")
    account._ask("s3", "put_bucket_versioning", Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"1", b"2"):
        account._ask("s3", "put_object", Bucket=bucket, Key="sessions/a", Body=body)
    account._ask("s3", "delete_object", Bucket=bucket, Key="sessions/a")
    assert account.empty(bucket) == 4
    account._ask("s3", "delete_bucket", Bucket=bucket)
