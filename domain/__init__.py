"""What the words mean: frozen dataclasses, enums, rules and errors. Standard library only."""
