"""What is watched, as plain data: metrics, alarms, and what the dashboard shows. It knows nothing of CDK."""
