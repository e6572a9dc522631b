"""Why the demo could not be carried out."""

from __future__ import annotations

from domain.errors import FerryError


class DemoFailed(FerryError):
    """`problem` is a sentence without its full stop, `folder` is where the logs were kept."""

    text = "{problem}."
    hint = "The logs are in {folder}."


class NoPlaceForReport(FerryError):
    text = "The report can't be written to {path}."
    hint = "Name another file with --report."


class Obstacle(Exception):
    """What stands in the way of the demo, as a sentence without its full stop."""
