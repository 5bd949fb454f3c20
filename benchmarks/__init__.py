"""Measurements of speed, memory and size; what they say is in docs/benchmarks.md."""
