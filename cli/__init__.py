"""One file per command; wiring.py builds every object once and hands it on."""
