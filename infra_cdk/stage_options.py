"""Everything that may be said about a stage, and how it is read."""

from infra_cdk.options import Option, list_of, matching, number, one_of, whole, yes_or_no

_ORIGIN = r"https?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\*"
_DOMAIN = r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
_CERTIFICATE = r"arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-f-]{36}"
_MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
_URL = r"https://[^\s/]+(/\S*)?"
_REPOSITORY = r"[A-Za-z0-9-]{1,39}@[0-9]+/[A-Za-z0-9._-]{1,100}@[0-9]+|[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}"
_LOG_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365)


def _log_days(text: str) -> int:
    return int(one_of(*map(str, _LOG_DAYS))(text))


LONGEST_INTERVAL_SECONDS = 3_600
"""Gauges are told for 75 minutes after they were above 0 (shared/gauges): seldomer, and an alarm would see no 0."""


def _whole_minutes(text: str) -> int:
    seconds = whole(60, LONGEST_INTERVAL_SECONDS)(text)
    if seconds % 60:
        raise ValueError("must be whole minutes, in seconds: 3600 for an hour")
    return seconds


OPTIONS = {
    option.name: option
    for option in (
        Option(
            name="firebase",
            means="the project id of Firebase whose users may sign in; without it nobody can",
            read=matching(r"[a-z][a-z0-9-]{4,28}[a-z0-9]|unset", "a project id of Firebase, such as my-notes-1a2b3"),
        ),
        Option(
            name="origins",
            means="whose pages may call the API and send files, separated by commas; phones need none",
            read=list_of(_ORIGIN, "origins such as https://app.example.com"),
        ),
        Option(
            name="db",
            means="`external`: URLs in the secrets; `aurora`: a cluster of this account",
            read=one_of("external", "aurora"),
        ),
        Option(
            name="max_connections",
            means="of an external database: how many connections it takes, a pooler's if its URL leads to one",
            read=whole(10, 100_000),
        ),
        Option(name="min_acu", means="of Aurora: 0 pauses it when nobody asks", read=number(0, 256, step=0.5)),
        Option(
            name="max_acu",
            means="of Aurora: its largest size, and with it its connections",
            read=number(1, 256, step=0.5),
        ),
        Option(name="proxy", means="of Aurora: RDS Proxy before it, which also keeps it from pausing", read=yes_or_no),
        Option(
            name="nat",
            means="of Aurora's network: the way out by a small `instance`, or by a NAT `gateway`",
            read=one_of("instance", "gateway"),
        ),
        Option(
            name="secrets_manager",
            means="secrets lie in Secrets Manager, not in Parameter Store, which is free",
            read=yes_or_no,
        ),
        Option(
            name="secrets_of",
            means="when the newest secret was changed, which `make deploy` finds out: functions start anew",
            read=matching(_MOMENT, "a moment such as 2026-11-22T07:30:00Z"),
        ),
        Option(name="store", means="`s3`, or `r2` for an S3-compatible store elsewhere", read=one_of("s3", "r2")),
        Option(
            name="store_url", means="of a store elsewhere: where it answers", read=matching(_URL, "an https:// URL")
        ),
        Option(
            name="store_bucket",
            means="of a store elsewhere: its bucket",
            read=matching(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "a bucket's name"),
        ),
        Option(
            name="store_region",
            means="of a store elsewhere: the region its signatures name; R2 says `auto`",
            read=matching(r"[a-z0-9-]{2,32}", "a region such as auto"),
        ),
        Option(name="domain", means="where phones call", read=matching(_DOMAIN, "a domain such as api.example.com")),
        Option(
            name="certificate",
            means="the ARN of the domain's certificate: in the API's region, or in us-east-1 with CloudFront",
            read=matching(_CERTIFICATE, "the ARN of a certificate of ACM"),
        ),
        Option(name="cloudfront", means="CloudFront and WAF before the API", read=yes_or_no),
        Option(
            name="origin_domain",
            means="with CloudFront: the domain at which CloudFront reaches the API",
            read=matching(_DOMAIN, "a domain such as origin.example.com"),
        ),
        Option(
            name="origin_certificate",
            means="with CloudFront: the ARN of that domain's certificate, in the API's region",
            read=matching(_CERTIFICATE, "the ARN of a certificate of ACM"),
        ),
        Option(name="own_key", means="encrypt with a key of this account, at $1 a month", read=yes_or_no),
        Option(name="log_days", means="for how many days logs are kept", read=_log_days),
        Option(name="traces", means="X-Ray on every function", read=yes_or_no),
        Option(name="snapstart", means="start functions from snapshots (docs/how-to/deploy.md)", read=yes_or_no),
        Option(
            name="reserve",
            means="give each function what it may run at once; not on an account that may run only 10 in all",
            read=yes_or_no,
        ),
        Option(
            name="undelete_days",
            means="for how many days a removed object can be brought back, 0 for not at all",
            read=whole(0, 30),
        ),
        Option(name="alarms", means="`few` or `all`, at $0.10 a month for each after ten", read=one_of("few", "all")),
        Option(
            name="alarm_email",
            means="who is told of alarms and budgets; AWS asks that address first",
            read=matching(r"[^\s@]{1,64}@[^\s@]{1,190}", "an address such as you@example.com"),
        ),
        Option(
            name="budget",
            means="dollars that AWS may cost in a month before somebody is told; in a day, a tenth",
            read=whole(1, 1_000_000),
        ),
        Option(
            name="provider_budget",
            means="dollars that providers may cost in a day before somebody is told",
            read=whole(1, 1_000_000),
        ),
        Option(
            name="at_once",
            means="how many functions of the account may run at once (quota Concurrent executions)",
            read=whole(10, 1_000_000),
        ),
        Option(
            name="metrics",
            means="make metrics of what our code measures, some $10 in a busy month; no: it is in the log",
            read=yes_or_no,
        ),
        Option(
            name="slowest_schedule",
            means="no schedule is quicker than every so many seconds, whole minutes, so that a database may sleep",
            read=_whole_minutes,
        ),
        Option(
            name="github",
            means="the repository of GitHub that may deploy the stage (docs/how-to/deploy-by-github.md)",
            read=matching(_REPOSITORY, "owner@123456/name@456789, or owner/name of a repository from before July 2026"),
        ),
        Option(
            name="github_provider",
            means="`existing` where the account trusts GitHub already, else `new`",
            read=one_of("new", "existing"),
        ),
        Option(name="fallbacks", means="ask the second choice of a provider when the first fails", read=yes_or_no),
    )
}
"""Everything that may be said about a stage. docs/how-to/deploy.md lists the same."""
