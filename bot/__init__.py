"""The Telegram bot: people order copies here and see how they go."""
