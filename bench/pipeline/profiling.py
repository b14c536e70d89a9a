"""How a function is told to run under a profiler: the names of its variables."""

PROFILES = "BENCH_PROFILES"
"""The folder for what the profilers find; without it nothing is profiled."""

PROFILED_HANDLER = "BENCH_PROFILED_HANDLER"
"""The handler that is meant."""
