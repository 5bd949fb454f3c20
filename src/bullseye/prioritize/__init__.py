"""Step 2, Prioritize: which accounts first, and why now."""
