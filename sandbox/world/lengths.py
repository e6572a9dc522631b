"""How long texts may be: told to clients by help.getAppConfig, and kept to."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.world.model import User


@dataclass
class Lengths:
    """Characters. Premium's numbers are the lowest that were ever seen: clients know higher ones."""

    caption: int = 1024
    caption_premium: int = 2048
    text: int = 4096
    text_premium: int = 4096
    quote: int = 1024

    def longest(self, user: User, *, captioned: bool) -> int:
        if captioned:
            return self.caption_premium if user.premium else self.caption
        return self.text_premium if user.premium else self.text
