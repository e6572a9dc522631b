"""A Telegram on loopback: one in-memory world behind two real protocols, MTProto and the Bot API."""
