"""The evaluation of recall: data of our own making, and what is measured on it. Never deployed; nothing imports it."""
