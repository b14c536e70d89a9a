"""Owns the reading of time expressions: when something is said to be, in a person's own calendar. No SQL, no clock.

English and Portuguese. What is not understood with confidence is no time (docs/adr/0025-how-time-is-read.md).
"""
