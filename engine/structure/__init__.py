"""What holds a chat's messages together beyond their own content: topics, pins, comments, the profile."""
