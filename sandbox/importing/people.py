"""Users for those who appear in an export."""

from __future__ import annotations

from sandbox.importing.values import LARGEST_ID, words
from sandbox.world import World


class People:
    """Makes each of them once; user123456 keeps the number if it is free."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[str, int] = {}

    def person(self, exported_id: str, name: str) -> int:
        """Before 2021 ids were bare numbers, before 2019 there was only the name."""
        number = exported_id.removeprefix("user")
        key = number or name
        if key not in self._known:
            free = (
                number.isdecimal() and 0 < int(number) <= LARGEST_ID and int(number) not in self._world.users
            )
            fields = {"id": int(number)} if free else {}
            self._known[key] = self._world.add_user(words(name), **fields).id
        return self._known[key]

    def bot(self, address: str) -> int:
        """Of "@name"."""
        name = words(address.removeprefix("@"))
        if address not in self._known:
            found = self._world.by_username(name)
            there = found[1] if found is not None and found[0] == "user" else None
            self._known[address] = there or self._world.add_bot(name).id
        return self._known[address]
