"""Opens a Telegram Desktop export and says in one sentence what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

MAKE_ONE = "In Telegram Desktop choose Export chat history, format: machine-readable JSON."


class ImportFailure(Exception):
    """Why a file cannot be loaded, as one sentence for the terminal."""


def read_chats(path: Path, names: Sequence[str]) -> list[dict[str, Any]]:
    """The export's chats: the only one, or of a whole account's those in `names` (all when empty)."""
    data = _read(path)
    if not isinstance(data, dict):
        raise ImportFailure(f"{path} is no Telegram export. {MAKE_ONE}")
    chats = [data] if "messages" in data else _listed(data)
    chats = [c for c in chats if isinstance(c, dict) and isinstance(c.get("messages"), list)]
    if not chats:
        raise ImportFailure(f"{path} holds no chat with messages. {MAKE_ONE}")
    if not names:
        return chats
    by_name = {title(c).casefold(): c for c in chats}
    if missing := [n for n in names if n.casefold() not in by_name]:
        there = ", ".join(title(c) for c in chats[:20])
        raise ImportFailure(f"{path} has no chat named {missing[0]!r}; it has: {there}.")
    return [by_name[n.casefold()] for n in names]


def title(chat: dict[str, Any]) -> str:
    """Saved messages and deleted people have no name."""
    return str(chat.get("name") or str(chat.get("type") or "chat").replace("_", " ").capitalize())


def _listed(data: dict[str, Any]) -> list[Any]:
    return [
        chat
        for part in ("chats", "left_chats")
        if isinstance(data.get(part), dict)
        for chat in data[part].get("list") or []
    ]


def _read(path: Path) -> Any:
    try:
        with path.open(encoding="utf-8-sig") as file:
            return json.load(file)
    except FileNotFoundError:
        raise ImportFailure(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise ImportFailure(f"{path} is a folder; name the result.json inside it.") from None
    except OSError as e:
        raise ImportFailure(f"{path} cannot be read: {e.strerror}.") from None
    except json.JSONDecodeError as e:
        raise ImportFailure(_broken(path, e)) from None
    except (UnicodeDecodeError, RecursionError):
        raise ImportFailure(f"{path} is no JSON. {MAKE_ONE}") from None


def _broken(path: Path, error: json.JSONDecodeError) -> str:
    start = error.doc.lstrip()[:1]
    if start == "<":
        return f"{path} is an export as HTML. {MAKE_ONE}"
    if start not in ("{", "["):
        return f"{path} is no JSON. {MAKE_ONE}"
    if error.doc[error.pos :].strip() and error.pos < len(error.doc) - 200:
        return f"{path} is damaged at line {error.lineno}: {error.msg}. Export the chat again."
    return f"{path} is cut off at line {error.lineno}: the export did not finish. Export the chat again."
