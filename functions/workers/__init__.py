"""The functions behind queues and schedules."""
