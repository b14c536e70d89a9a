"""Benchmarks: ratios measured in one run, each beside the peer it is compared with. Never part of a test."""
