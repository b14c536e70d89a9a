"""Checks of alarms."""

from infra_cdk.checks.templates import Templates, resources


def queues_without_an_alarm(templates: Templates) -> list[str]:
    """Dead-letter queues whose first message rings nowhere."""
    watched = {
        dimension["Value"]
        for alarm in resources(templates, "AWS::CloudWatch::Alarm")
        if alarm.properties.get("MetricName") == "ApproximateNumberOfMessagesVisible"
        and (alarm.properties["ComparisonOperator"], alarm.properties["Threshold"]) == ("GreaterThanThreshold", 0)
        for dimension in alarm.properties["Dimensions"]
    }
    queues = {str(each): each.properties for each in resources(templates, "AWS::SQS::Queue")}
    dead = [
        f"{name}: no alarm on its first message"
        for name, properties in queues.items()
        if "RedrivePolicy" not in properties and properties["QueueName"] not in watched
    ]
    return sorted(dead)


def alarms_that_tell_nobody(templates: Templates) -> list[str]:
    """Alarms that change their state, and nothing else happens."""
    return [
        f"{alarm}: tells nobody"
        for alarm in resources(templates, "AWS::CloudWatch::Alarm")
        if not alarm.properties.get("AlarmActions") or alarm.properties.get("ActionsEnabled") is False
    ]
