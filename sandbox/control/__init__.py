"""Steering a running sandbox from outside: demo, tests and benches do."""

from sandbox.control.client import ControlClient, ControlError

__all__ = ["ControlClient", "ControlError"]
