"""Owns when gauges are told: numbers that are nearly always 0, each paid for in every hour in which it is measured."""
