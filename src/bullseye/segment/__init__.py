"""Step 1, Segment: which accounts could buy."""
