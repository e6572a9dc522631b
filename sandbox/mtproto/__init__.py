"""The world behind MTProto over TCP, as the real Telethon speaks it."""
