"""Loads a Telegram Desktop export (result.json), so that people can rehearse on their own history."""

from sandbox.importing.chats import load
from sandbox.importing.reading import ImportFailure

__all__ = ["ImportFailure", "load"]
