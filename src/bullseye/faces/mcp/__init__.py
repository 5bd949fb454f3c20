"""The face for assistants."""
