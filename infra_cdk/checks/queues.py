"""Checks of queues and of what they wake."""

import json

from infra_cdk.checks.templates import Resource, Templates, function_name, our_functions, resources, told

LONGEST_RETENTION_SECONDS = 14 * 24 * 3600
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html"""

TIMES_HIDDEN = 6
"""AWS's own advice for a queue that wakes a function: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"""


def queues_without_dead_letters(templates: Templates) -> list[str]:
    """Queues whose messages are received for ever, and dead letters that do not last as long as SQS allows."""
    queues = {str(each): each for each in resources(templates, "AWS::SQS::Queue")}
    targets = {name: _dead_letters(each) for name, each in queues.items()}
    dead = {target for target in targets.values() if target}
    wrong = [f"{name}: no dead-letter queue" for name, target in targets.items() if not target and name not in dead]
    short = [name for name in dead if _retention(queues[name]) != LONGEST_RETENTION_SECONDS]
    return [*wrong, *(f"{name}: does not keep dead letters for 14 days" for name in sorted(short))]


def _dead_letters(queue: Resource) -> str | None:
    target = queue.properties.get("RedrivePolicy", {}).get("deadLetterTargetArn", {})
    return f"{queue.stack}/{target['Fn::GetAtt'][0]}" if target else None


def _retention(queue: Resource) -> int:
    return queue.properties.get("MessageRetentionPeriod", 0)


def queues_visible_too_soon(templates: Templates) -> list[str]:
    """Queues whose message comes back while its function may still be at it."""
    hidden = {
        each.properties["QueueName"]: each.properties["VisibilityTimeout"]
        for each in resources(templates, "AWS::SQS::Queue")
    }
    timeouts = {each.properties["FunctionName"]: each.properties["Timeout"] for each in our_functions(templates)}
    wrong: list[str] = []
    for mapping in resources(templates, "AWS::Lambda::EventSourceMapping"):
        queue = told(mapping.properties["EventSourceArn"]).rpartition(":")[2]
        function = function_name(mapping.properties["FunctionName"])
        if hidden[queue] < TIMES_HIDDEN * timeouts[function]:
            wrong.append(f"{mapping}: hidden for {hidden[queue]} s, and {function} has {timeouts[function]} s")
    return wrong


def batches_that_fail_whole(templates: Templates) -> list[str]:
    """Mappings of which one failed message brings back the whole batch, or that have no bound."""
    wrong: list[str] = []
    for mapping in resources(templates, "AWS::Lambda::EventSourceMapping"):
        if mapping.properties.get("FunctionResponseTypes") != ["ReportBatchItemFailures"]:
            wrong.append(f"{mapping}: no partial batch responses")
        if "MaximumConcurrency" not in mapping.properties.get("ScalingConfig", {}):
            wrong.append(f"{mapping}: no MaximumConcurrency")
    return wrong


def queues_in_the_clear(templates: Templates) -> list[str]:
    """Queues that are not encrypted, or open without TLS."""
    policies = [json.dumps(each.properties) for each in resources(templates, "AWS::SQS::QueuePolicy")]
    tls = [text for text in policies if '"aws:SecureTransport": "false"' in text]
    wrong: list[str] = []
    for queue in resources(templates, "AWS::SQS::Queue"):
        if not (queue.properties.get("SqsManagedSseEnabled") or queue.properties.get("KmsMasterKeyId")):
            wrong.append(f"{queue}: not encrypted")
        if not any(f'"{queue.name}"' in text for text in tls):
            wrong.append(f"{queue}: open without TLS")
    return wrong
