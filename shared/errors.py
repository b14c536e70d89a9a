"""The error tree: every failure a person or a caller can meet, by kind.

    SecondBrainError
    ├── Malformed            the bytes are not what they should be          body_malformed
    ├── Invalid              well-formed, but not acceptable                value_invalid
    │   ├── TooLarge         over a limit                                   body_too_large
    │   ├── Unsupported      a type we do not take                          media_unsupported
    │   └── KeyReused        an idempotency key of another request          idempotency_reused
    ├── Unauthenticated      no valid proof of who calls                    unauthenticated
    ├── Forbidden            known, but not allowed                         forbidden
    ├── NotFound             not there, or not the caller's                 not_found
    ├── Conflict             not in this state                              conflict
    │   ├── VersionConflict  it was changed meanwhile                       version_conflict
    │   ├── Outdated         what was made no longer fits what is there     outdated
    │   ├── SchemaBehind     the database is older than this code           schema_behind
    │   └── KeyRunning       a request of this idempotency key is under way idempotency_running
    ├── OutOfCredits         the balance is too small                       credits_insufficient
    ├── BudgetSpent          what may be used in a day is used up           budget_spent
    ├── SpendCapReached      what providers may cost in a day is spent      spend_cap
    ├── TooManyRequests      more than a user may send in a short time      rate_limited
    ├── Busy                 try again soon; nothing was changed            busy
    │   ├── DatabaseUnavailable                                             database_unavailable
    │   └── OutcomeUnknown   the answer to COMMIT was lost                  outcome_unknown
    ├── VendorDown           a provider failed; trying again may help       provider_unavailable
    │   └── ProviderPaused   nobody was asked: the provider is known to be away  provider_paused
    └── VendorRefused        a provider will never accept this              provider_refused

A kind says what happened, never an HTTP status: the HTTP edge maps kind to status, the queue edge maps it to
retry or give up. `code` is stable and documented; a raiser may name a more exact one.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

Failure = Literal["timeout", "unreachable", "throttled", "server", "our_key", "invalid_reply", "paused", "other"]
"""How a provider failed: no answer in time, none at all, 429, 5xx, our key or account, of no use, not asked, else."""


class SecondBrainError(Exception):
    """Base of all errors we raise on purpose. `detail` is shown to people: what was wrong, what to do.

    `details` is what else the caller needs to go on, by name.
    """

    code: ClassVar[str] = "internal"

    def __init__(self, detail: str, *, code: str | None = None, retry_after_seconds: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.exact_code = code or type(self).code
        self.retry_after_seconds = retry_after_seconds
        self.details: Mapping[str, object] = {}


class Malformed(SecondBrainError):
    """The bytes cannot be read as what they claim to be."""

    code = "body_malformed"


class Invalid(SecondBrainError):
    """Readable, but not acceptable."""

    code = "value_invalid"


class TooLarge(Invalid):
    """Over a size limit."""

    code = "body_too_large"


class Unsupported(Invalid):
    """A type we do not take."""

    code = "media_unsupported"


class KeyReused(Invalid):
    """An idempotency key that stands for another request."""

    code = "idempotency_reused"


class Unauthenticated(SecondBrainError):
    """No valid proof of who is calling."""

    code = "unauthenticated"


class Forbidden(SecondBrainError):
    """We know who is calling, and they may not."""

    code = "forbidden"


class NotFound(SecondBrainError):
    """Not there, or not the caller's: the two are never told apart."""

    code = "not_found"

    def __init__(self, detail: str = "There is no such thing here.", *, code: str | None = None) -> None:
        super().__init__(detail, code=code)


class Conflict(SecondBrainError):
    """The thing is not in a state that allows this."""

    code = "conflict"


class VersionConflict(Conflict):
    """A change was based on another version than the stored one. `current` is the thing as it is stored."""

    code = "version_conflict"

    def __init__(self, detail: str, *, current: Any = None) -> None:  # noqa: ANN401 - a session, or a block
        super().__init__(detail)
        self.current = current


class Outdated(Conflict):
    """What was made does not fit any more what is there by now: make it again."""

    code = "outdated"


class SchemaBehind(Conflict):
    """The schema of the database is older than this code needs: it was deployed before the migrations ran."""

    code = "schema_behind"


class KeyRunning(Conflict):
    """A request with the same idempotency key is under way, for `retry_after_seconds` at most."""

    code = "idempotency_running"


class OutOfCredits(SecondBrainError):
    """The balance is smaller than the price."""

    code = "credits_insufficient"


class BudgetSpent(SecondBrainError):
    """What a user may use in a day is used up; `retry_after_seconds` says when the next one begins."""

    code = "budget_spent"


class SpendCapReached(SecondBrainError):
    """What providers may cost for a user in a day is spent; `retry_after_seconds` says when the next one begins."""

    code = "spend_cap"


class TooManyRequests(SecondBrainError):
    """More requests than a user may send in a short time; `retry_after_seconds` says when there is room for one."""

    code = "rate_limited"


class Busy(SecondBrainError):
    """Nothing was changed; the same call may work in a moment.

    `is_momentary`: another change was in the way just then (a deadlock), so trying again at once is worth it.
    """

    code = "busy"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        retry_after_seconds: int | None = 1,
        is_momentary: bool = False,
    ) -> None:
        super().__init__(detail, code=code, retry_after_seconds=retry_after_seconds)
        self.is_momentary = is_momentary


class DatabaseUnavailable(Busy):
    """The database cannot be reached; nothing was changed."""

    code = "database_unavailable"


class OutcomeUnknown(Busy):
    """The connection broke while committing: the change may or may not have happened."""

    code = "outcome_unknown"


class VendorDown(SecondBrainError):
    """A provider failed in a way that may pass: timeout, 429, 5xx, an unusable answer.

    `failure` says how, in one of the few words of a metric's dimension. `usage` is what was paid for all the same, as
    the `Usage` of shared/ai.
    """

    code = "provider_unavailable"
    usage: Any = None

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        retry_after_seconds: int | None = None,
        failure: Failure = "unreachable",
    ) -> None:
        super().__init__(detail, code=code, retry_after_seconds=retry_after_seconds)
        self.failure: Failure = failure


class ProviderPaused(VendorDown):
    """Nobody was asked, because the providers of a capability are known to be away: this was no attempt.

    `retry_after_seconds`: when one of them will be asked again, at the earliest. A step is put off until then.
    """

    code = "provider_paused"

    def __init__(self, detail: str, *, code: str | None = None, retry_after_seconds: int = 30) -> None:
        super().__init__(detail, code=code, retry_after_seconds=retry_after_seconds, failure="paused")


class VendorRefused(SecondBrainError):
    """A provider will never accept this request: trying again changes nothing. `usage` as in VendorDown."""

    code = "provider_refused"
    usage: Any = None
