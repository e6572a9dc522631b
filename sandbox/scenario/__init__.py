"""Worlds to start from, always the same from the same seed."""

from sandbox.scenario.demo import Demo, Pair, build

__all__ = ["Demo", "Pair", "build"]
