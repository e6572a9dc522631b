"""Dice and their like: the server alone knows what comes up."""

from __future__ import annotations

SIDES = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}  # the highest value of each


def thrown(emoticon: str, number: int) -> int | None:
    """What comes up; None for what cannot be thrown. The same for the same `number`, so worlds repeat."""
    sides = SIDES.get(emoticon.removesuffix("\ufe0f"))
    return None if sides is None else 1 + number % sides
