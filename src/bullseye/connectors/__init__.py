"""Ground floor: other people's files and systems; the only place with vendor words."""
