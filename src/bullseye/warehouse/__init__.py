"""Ground floor: tables, their contracts, and the one place where a definition meets SQL."""
