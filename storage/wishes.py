"""Wishes as JSON: what says nothing is left out, so that a new wish needs no migration."""

from __future__ import annotations

from typing import Any

from domain.kind import Kind
from domain.wishes import EVERYTHING, NewChat, NewChatKind, Selection, Wishes

_FLAGS = ("replies", "keep_author", "pins", "profile", "delete")


def wishes_value(wishes: Wishes) -> dict[str, Any] | None:
    """None for a copy of everything as it is."""
    told: dict[str, Any] = {
        name: getattr(wishes, name) for name in _FLAGS if getattr(wishes, name) != getattr(EVERYTHING, name)
    }
    chosen, new = wishes.selection, wishes.new_chat
    if not chosen.is_everything:
        told["selection"] = {
            "from": chosen.from_id,
            "to": chosen.to_id,
            "ids": list(chosen.ids),
            "kinds": sorted(chosen.kinds),
            "asked": chosen.asked,
        }
    if new is not None:
        told["new_chat"] = {"kind": new.kind, "title": new.title, "token": new.token}
    return told or None


def wishes_from(told: dict[str, Any] | None) -> Wishes:
    if not told:
        return EVERYTHING
    chosen, new = told.get("selection"), told.get("new_chat")
    return Wishes(
        selection=Selection(
            from_id=chosen["from"],
            to_id=chosen["to"],
            ids=tuple(chosen["ids"]),
            kinds=frozenset(map(Kind, chosen["kinds"])),
            asked=chosen.get("asked", ""),
        )
        if chosen
        else EVERYTHING.selection,
        new_chat=NewChat(kind=NewChatKind(new["kind"]), title=new["title"], token=new["token"])
        if new
        else None,
        **{name: told[name] for name in _FLAGS if name in told},
    )
