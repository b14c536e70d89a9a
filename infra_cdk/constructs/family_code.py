"""The code of each family, uploaded once for all functions of a stack that share it."""

from aws_cdk import aws_lambda as lambda_

from functions.catalogue.shapes import Family
from infra_cdk.deployment import Deployment


class BundleMissing(FileNotFoundError):
    """A family has no bundle to deploy."""


class FamilyCode:
    """Hands out one asset for each family."""

    def __init__(self, deployment: Deployment) -> None:
        self._bundles = deployment.bundles
        self._made: dict[Family, lambda_.Code] = {}

    def of(self, family: Family) -> lambda_.Code:
        """The family's code. Raises BundleMissing."""
        if family not in self._made:
            folder = self._bundles.get(family)
            if folder is None or not folder.is_dir():
                raise BundleMissing(f"There is no bundle for the family {family}: run `make bundle` first.")
            self._made[family] = lambda_.Code.from_asset(str(folder))
        return self._made[family]
