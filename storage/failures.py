"""What a database's own error says, for the one error of ours."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError


def said(error: Exception) -> str:
    """One line, and never empty: some errors have nothing but their name."""
    original = error.orig if isinstance(error, DBAPIError) else error
    text = getattr(original, "strerror", None) or str(original)
    return text.strip().partition("\n")[0] or type(original).__name__
