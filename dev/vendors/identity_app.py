"""The endpoints of Google's Identity Toolkit that Firebase's SDK asks about accounts, for one project.

https://cloud.google.com/identity-platform/docs/reference/rest/v1/projects.accounts
"""

import json
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dev.vendors.fcm_account import ServiceAccount
from dev.vendors.google_tokens import GoogleTokens
from dev.vendors.identity_local import LocalPeople, LocalPerson

ACCOUNTS_PATH = "/v1/projects/{project}/accounts:{verb}"
_KINDS = {
    "lookup": "identitytoolkit#GetAccountInfoResponse",
    "update": "identitytoolkit#SetAccountInfoResponse",
    "delete": "identitytoolkit#DeleteAccountResponse",
}


class _Refused(Exception):
    """An error as Identity Toolkit answers it: an HTTP status, and a word in capitals."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"code": status, "message": message}}


def create_app(people: LocalPeople, account: ServiceAccount) -> Starlette:
    """Identity Toolkit for the people of one project, as far as the product asks it."""
    tokens = GoogleTokens(account)

    async def accounts(request: Request) -> Response:
        verb: str = request.path_params["verb"]
        try:
            _admit(request, account, tokens)
            return JSONResponse({"kind": _KINDS.get(verb)} | _answer(people, verb, _asked(await request.body())))
        except _Refused as refused:
            return JSONResponse(refused.body, status_code=refused.status)

    return Starlette(routes=[tokens.route(), Route(ACCOUNTS_PATH, accounts, methods=["POST"])])


def _admit(request: Request, account: ServiceAccount, tokens: GoogleTokens) -> None:
    if not tokens.is_granted(request):
        raise _Refused("INVALID_CREDENTIALS", status=401)
    if request.path_params["project"] != account.project:
        raise _Refused("PERMISSION_DENIED", status=403)


def _asked(body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body)
    except ValueError as error:
        raise _Refused("INVALID_REQUEST") from error
    if not isinstance(asked, dict):
        raise _Refused("INVALID_REQUEST")
    return asked


def _answer(people: LocalPeople, verb: str, asked: dict[str, Any]) -> dict[str, Any]:
    if verb == "lookup":
        found = [person for uid in asked.get("localId", []) if (person := people.find(uid)) is not None]
        return {"users": [_shown(person) for person in found]} if found else {}
    uid = asked.get("localId")
    if not isinstance(uid, str) or verb not in _KINDS:
        raise _Refused("MISSING_LOCAL_ID")
    if verb == "update":
        return _updated(people, uid, asked)
    if not people.delete(uid):
        raise _Refused("USER_NOT_FOUND")
    return {}


def _updated(people: LocalPeople, uid: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What the product never changes is refused, so that nobody takes it for done."""
    if set(asked) != {"localId", "validSince"}:
        raise _Refused("OPERATION_NOT_ALLOWED")
    if not people.sign_out(uid, int(asked["validSince"])):
        raise _Refused("USER_NOT_FOUND")
    return {"localId": uid}


def _shown(person: LocalPerson) -> dict[str, Any]:
    shown: dict[str, Any] = {"localId": person.uid, "disabled": person.is_disabled}
    return shown if person.valid_since is None else shown | {"validSince": str(person.valid_since)}
