"""Previews as JSON, on their way from the service to the command line."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from domain.job import Failure
from domain.kind import Kind
from domain.message import SkipReason
from domain.preview import Preview, Skipped, Tally


def preview_value(preview: Preview) -> dict[str, Any]:
    return asdict(preview)


def preview_from(told: dict[str, Any]) -> Preview:
    kinds = {Kind(kind): Tally(**tally) for kind, tally in told["kinds"].items()}
    skips = [Skipped(**{**skip, "reason": SkipReason(skip["reason"])}) for skip in told["skips"]]
    warnings = [Failure(**warning) for warning in told["warnings"]]
    return Preview(**{**told, "kinds": kinds, "skips": skips, "warnings": warnings})
