"""Opens a Telegram Desktop export and says in one sentence what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sandbox.importing.repairing import repaired
from sandbox.importing.values import LARGEST, words

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
    wanted = [name.casefold() for name in names]
    there = {title(c).casefold() for c in chats}
    if missing := [name for name in names if name.casefold() not in there]:
        known = ", ".join(title(c) for c in chats[:20])
        raise ImportFailure(f"{path} has no chat named {missing[0]!r}; it has: {known}.")
    found = [c for name in wanted for c in chats if title(c).casefold() == name] if wanted else chats
    return [chat | {"messages": _messages(path, chat)} for chat in found]


def title(chat: dict[str, Any]) -> str:
    """Saved messages and deleted people have no name."""
    kind = words(chat.get("type")) or "chat"
    return words(chat.get("name")) or kind.replace("_", " ").capitalize()


def _messages(path: Path, chat: dict[str, Any]) -> list[dict[str, Any]]:
    """In order. Every message has an id of its own and a date; one that two exports share counts once."""
    found: dict[int, dict[str, Any]] = {}
    last = 0
    for item in chat["messages"]:
        number = item.get("id") if isinstance(item, dict) else None
        if not isinstance(number, int) or not -LARGEST <= number <= LARGEST or not _dated(item):
            raise ImportFailure(
                f"{path} is damaged: in {title(chat)!r} what follows message {last} is no message. "
                "Export the chat again."
            )
        if found.setdefault(number, item) != item:
            raise ImportFailure(
                f"{path} is damaged: message {number} of {title(chat)!r} stands there twice, "
                "and not the same. Export the chat again."
            )
        last = number
    return [found[number] for number in sorted(found)]


def _dated(item: dict[str, Any]) -> bool:
    """Messages that Telegram Desktop did not understand it writes without anything but their number."""
    return "date" in item or "date_unixtime" in item or item.get("type") == "unsupported"


def _listed(data: dict[str, Any]) -> list[Any]:
    return [
        chat
        for part in ("chats", "left_chats")
        if isinstance(data.get(part), dict)
        for chat in data[part].get("list") or []
    ]


def _read(path: Path) -> Any:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ImportFailure(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise ImportFailure(f"{path} is a folder; name the result.json inside it.") from None
    except OSError as e:
        raise ImportFailure(f"{path} cannot be read: {e.strerror}.") from None
    try:
        try:
            return json.loads(raw.decode("utf-8-sig"))
        except ValueError:  # no UTF-8, or no JSON
            return json.loads(repaired(raw))
    except json.JSONDecodeError as e:
        raise ImportFailure(_broken(path, e)) from None
    except (ValueError, RecursionError):
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
