"""What holds a chat's messages together: topics, links, pins, comments, and what the chat shows of itself."""
