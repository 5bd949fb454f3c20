"""Step 7, Govern: what is kept, changed or retired."""
