"""The local stack: everything a developer runs on one machine. Never deployed; nothing imports it."""
