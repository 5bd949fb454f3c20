"""Step 3, Research: what buyers say, in their own words."""
