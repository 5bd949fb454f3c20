"""Step 5, Validate: what holds up in the market."""
