"""Where a secret may lie, told by its id: Secrets Manager, or Parameter Store for one that begins with a slash.

A secret of Secrets Manager costs $0.40 a month, a standard parameter nothing; it holds 4 KB, and all functions of an
account together are given 40 a second (docs/adr/0046).
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

from shared.config.credentials import read_region
from shared.values import frozen

_PARAMETERS_BEGIN_WITH = "/"


@frozen
class SecretStore:
    """A service that keeps secrets: how it is called, and how it asks and answers."""

    name: str
    service: str
    endpoint_variable: str
    target: str
    question: Callable[[str], dict[str, object]]
    text: Callable[[Mapping[str, Any]], object]
    """The secret, out of the answer's body."""

    def endpoint(self, environment: Mapping[str, str]) -> str:
        """Where it answers: AWS's own address unless a variable says otherwise."""
        said = environment.get(self.endpoint_variable)
        return said or f"https://{self.service}.{read_region(environment)}.amazonaws.com"


def _text_of_parameter(body: Mapping[str, Any]) -> object:
    parameter = body.get("Parameter")
    return cast("dict[str, Any]", parameter).get("Value") if isinstance(parameter, dict) else None


SECRETS_MANAGER = SecretStore(
    name="Secrets Manager",
    service="secretsmanager",
    endpoint_variable="SECRETS_ENDPOINT_URL",
    target="secretsmanager.GetSecretValue",
    question=lambda secret_id: {"SecretId": secret_id},
    text=lambda body: body.get("SecretString"),
)
PARAMETER_STORE = SecretStore(
    name="Parameter Store",
    service="ssm",
    endpoint_variable="PARAMETERS_ENDPOINT_URL",
    target="AmazonSSM.GetParameter",
    question=lambda secret_id: {"Name": secret_id, "WithDecryption": True},
    text=_text_of_parameter,
)


def store_of(secret_id: str) -> SecretStore:
    """The store an id is of."""
    return PARAMETER_STORE if secret_id.startswith(_PARAMETERS_BEGIN_WITH) else SECRETS_MANAGER
