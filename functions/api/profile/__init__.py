"""The caller: profile, devices, credits."""
