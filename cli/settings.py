"""Reads the settings for a command, and mentions names that look like slips of the pen."""

from __future__ import annotations

from cli.endings import tell
from config import ENV_FILE, Settings, misspelt, read_settings


def load_settings() -> Settings:
    settings = read_settings()
    for written, meant in misspelt():
        tell(f"The file {ENV_FILE} sets {written}, which is no setting. Did you mean {meant}?")
    return settings
