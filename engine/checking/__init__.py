"""Copies compared with their sources, mended, taken over from other tools, and doubles found."""
