"""Owns jobs and their steps: claiming with a fencing token, completing, failing. Refuses to know what a step does."""
